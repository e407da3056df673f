"""The index as a llama-index retriever, for those who build with llama-index."""

from typing import TYPE_CHECKING, Any

from index.hit import Filters, Hit

if TYPE_CHECKING:
    from index.search import Index


def retriever(index: "Index", *, filters: Filters, limit: int) -> Any:
    """A ``BaseRetriever`` whose nodes are the hits; llama-index loads on this call, which takes seconds."""
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle

    class PolicyRetriever(BaseRetriever):
        """Searches the knowledge base; never touches llama-index's global settings."""

        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
            hits = index.search(query_bundle.query_str, filters=filters, limit=limit)
            return [NodeWithScore(node=node_of(hit), score=hit.score) for hit in hits]

    return PolicyRetriever()


def node_of(hit: Hit) -> Any:
    """A hit as a TextNode with its place as metadata."""
    from llama_index.core.schema import TextNode

    return TextNode(
        id_=f"{hit.document_id}:{hit.span.start}-{hit.span.end}",
        text=hit.text,
        start_char_idx=hit.span.start,
        end_char_idx=hit.span.end,
        metadata={
            "document_id": hit.document_id,
            "document_title": hit.document_title,
            "clause_id": hit.clause_id,
            "label": hit.label,
            "section": hit.section,
        },
    )
