"""Where a knowledge base lives: a folder for what is derived, and the truth in that folder or in a PostgreSQL database."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Home:
    """``database`` is a postgresql:// address, "" where the truth is an SQLite file in ``folder``. Shown without its password."""

    folder: Path
    database: str = field(default="", repr=False)

    def __str__(self) -> str:
        if not self.database:
            return str(self.folder)
        place = urlsplit(self.database)
        return f"PostgreSQL（{place.netloc.rpartition('@')[2]}{place.path}）"


Where = Path | Home
"""A folder alone is a home with its truth in it."""


def home_of(where: Where) -> Home:
    return where if isinstance(where, Home) else Home(where)
