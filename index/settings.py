"""What the environment says of the knowledge base."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from index.home import Home
from ingest.errors import IndexingError


@dataclass(frozen=True)
class Settings:
    """Where the knowledge base lives, which embedding model reads it (None: the bundled one), and a Chroma server's URL.

    ``database`` is PostgreSQL's address where the truth is kept there, "" where it is a file in ``data``. ``reranker`` is a cross-encoder that reads the best passages again, None for none.
    """

    data: Path
    model: str | None = None
    chroma_url: str | None = None
    reranker: str | None = None
    database: str = field(default="", repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """IndexingError where CHROMA_URL or POLICY_DATABASE_URL is no address."""
        return cls(
            Path(env.get("POLICY_DATA") or "data"),
            env.get("POLICY_EMBED_MODEL") or None,
            chroma_url(env),
            env.get("POLICY_RERANK_MODEL") or None,
            database_url(env),
        )

    def home(self, data: Path) -> Home:
        """The knowledge base with this folder."""
        return Home(data, self.database)


def database_url(env: Mapping[str, str]) -> str:
    """PostgreSQL's address, "" for the SQLite file. It holds a password: never shown."""
    written = (env.get("POLICY_DATABASE_URL") or "").strip()
    if written and not written.startswith(("postgresql://", "postgres://")):
        raise IndexingError(
            "环境变量 POLICY_DATABASE_URL 不是 PostgreSQL 的网址，请写成 postgresql://用户:口令@主机:端口/库名，或不设它而用数据文件夹里的 SQLite。"
        )
    return written


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
