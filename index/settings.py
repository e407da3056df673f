"""What the environment says of the knowledge base."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ingest.errors import IndexingError


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
        """IndexingError where CHROMA_URL is no address."""
        return cls(
            Path(env.get("POLICY_DATA") or "data"),
            env.get("POLICY_EMBED_MODEL") or None,
            chroma_url(env),
            env.get("POLICY_RERANK_MODEL") or None,
        )


def chroma_url(env: Mapping[str, str]) -> str | None:
    """The address of a Chroma server, None for the embedded one."""
    written = (env.get("CHROMA_URL") or "").strip()
    if not written:
        return None
    try:
        place = urlsplit(written)
        is_address = place.scheme in ("http", "https") and bool(place.hostname) and place.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise IndexingError(
            f"环境变量 CHROMA_URL 的值“{written}”不是网址，请写成 http://主机:端口，或不设它而用内嵌的 Chroma。"
        )
    return written
