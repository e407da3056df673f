"""What the environment says of the knowledge base."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where the knowledge base lives, which embedding model reads it (None: the bundled one), and a Chroma server's URL.

    ``reranker`` is a cross-encoder that reads the best passages again, None for none.
    """

    data: Path
    model: str | None = None
    chroma_url: str | None = None
    reranker: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        return cls(
            Path(env.get("POLICY_DATA") or "data"),
            env.get("POLICY_EMBED_MODEL") or None,
            env.get("CHROMA_URL") or None,
            env.get("POLICY_RERANK_MODEL") or None,
        )
