"""The error tree. Every message is one Chinese sentence for the user that says what to do next.

KnowledgeBaseError      anything this project reports on purpose; anything else is a defect
├── IngestError         a source could not be read or is not a document
├── IndexingError       the knowledge base is missing, locked, damaged or was built with another model
└── AssistantError      a question could not be answered for a reason other than missing evidence
"""


class KnowledgeBaseError(Exception):
    """Base of all errors that a user may see; ``str(error)`` is the sentence shown."""


class IngestError(KnowledgeBaseError):
    """A file, archive or URL cannot be turned into a document."""


class IndexingError(KnowledgeBaseError):
    """The knowledge base cannot be built, opened, searched or changed."""


class AssistantError(KnowledgeBaseError):
    """The question itself cannot be processed (too long, not text) or a setting is wrong."""
