"""How much a source may be before it is refused; every number is named in the sentence that refuses it."""

MEGABYTE = 1024 * 1024

MAX_FILE_BYTES = 50 * MEGABYTE
MAX_TEXT_CHARACTERS = 5_000_000

MAX_PAGES = 1_000
MAX_OCR_PAGES = 100
MAX_OCR_PIXELS = 40_000_000

MAX_XML_DEPTH = 200
MAX_CELLS = 500_000

MAX_ARCHIVE_FILES = 500
MAX_ARCHIVE_BYTES = 200 * MEGABYTE
MAX_ARCHIVE_RATIO = 200
MAX_ARCHIVE_DEPTH = 2

CONVERSION_SECONDS = 120.0

READING_BYTES = 2048 * MEGABYTE
"""Of memory, for one source with all that is in it."""
READING_SECONDS = 600.0

MAX_DOWNLOAD_BYTES = 20 * MEGABYTE
DOWNLOAD_SECONDS = 30.0
MAX_REDIRECTS = 5


def megabytes(count: int) -> str:
    """A limit as people say it: 50 MB."""
    return f"{count // MEGABYTE} MB"
