"""A small knowledge base open for editing, with the assistant that answers from it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.ask import Assistant
from assistant.editing import Editing
from assistant.journal import Journal
from index.home import Home
from index.library import Library
from index.search import Index
from tests.assistant.told import ORCHARD, built

EDITOR = "王编辑"
TODAY = date(2026, 11, 23)
HARBOUR = """关于港口岸电的通知

一、总体要求

推广港口岸电，减少靠港船舶排放。

1.建设岸电设施。沿江码头应当配备岸电箱，每个泊位不少于两个。（责任单位：市交通运输局）

2.发放用电补贴。使用岸电的船舶每度电补贴三角。（责任单位：市财政局、市交通运输局）
"""


@dataclass(frozen=True)
class Room:
    """Everything that stands on the editor's table."""

    home: Home
    index: Index
    journal: Journal
    assistant: Assistant
    editing: Editing

    @property
    def data(self) -> Path:
        return self.home.folder

    def again(self) -> "Room":
        """The same folder, opened anew as after a restart."""
        self.index.close()
        self.journal.close()
        return opened(self.home)

    def state(self) -> dict[str, object]:
        """All that the collection holds, but for row numbers."""
        library = Library.open(self.home)
        documents = {each.id: each for each in library.bodies()}
        origins = [(each.id, each.hash, each.origin) for each in library.documents()]
        similar = sorted((row.document_id, row.question, row.labels, row.keys, row.vector) for row in library.similar())
        library.close()
        return {"documents": list(documents.values()), "origins": sorted(origins), "similar": similar}


def room(home: Home) -> Room:
    """On a folder ``data`` of its own."""
    built(home.folder.parent, {"orchard": ORCHARD}, home.database)
    return opened(home)


def opened(home: Home) -> Room:
    index, journal = Index.open(home), Journal.open(home)
    editing = Editing.open(home, index, journal)
    editing.today = lambda: TODAY
    return Room(home, index, journal, Assistant(index, today=lambda: TODAY), editing)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
