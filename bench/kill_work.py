"""What is being done when the kill comes: every kind of change to a knowledge base, again and again, and how it stands afterwards.

A kind works in a folder of its own that outlives its kills. Before a step it says what it ``will`` make of a thing, and once the
step has been acknowledged (a command's exit code, a call that returned) what it ``did``.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from assistant.ask import Assistant
from assistant.editing import Correction, Editing
from assistant.journal import Journal
from bench.running import EDITOR, served
from index.__main__ import main as command
from index.backup import backup, restore
from index.curate import Curator
from index.embed import load_embedder
from index.home import Where
from index.ledger import history
from index.library import FILE_NAME, Library, is_unbuilt
from index.schema import SCHEMA_VERSION
from index.search import Index
from index.segment import words
from index.verify import verify
from ingest.errors import KnowledgeBaseError
from ingest.load import from_row

FIRST_RELEASE = Path(__file__).resolve().parent.parent / "tests" / "index" / "files" / "first-release.sqlite"
ABSENT = "absent"
State = dict[str, str]
Step = tuple[str, str, str]
"""("will" or "did", thing, what it becomes)."""


@dataclass(frozen=True)
class Kind:
    """``work`` goes on for ever; ``held`` reads from the folder how every thing stands. The kill comes within ``span_s``.

    ``data`` is the knowledge base that is verified.
    """

    prepare: Callable[[Path], None]
    work: Callable[[Path], Iterator[Step]]
    held: Callable[[Path], State]
    span_s: float = 1.0
    data: Callable[[Path], Where] = lambda folder: folder / "data"


def warm() -> None:
    """Load what the first change would load, so that the kill comes while something is being changed."""
    load_embedder().embed(words("预热"))


def text(number: int, version: int = 0) -> str:
    """A short document of its own; the clause names a unit, so that answers can be looked at."""
    return (
        f"关于第{number}号码头岸电的通知\n\n一、总体要求\n\n推广港口岸电，第{version}版。\n\n"
        f"1.建设第{number}号岸电设施。码头应当配备岸电箱。（责任单位：市交通运输局）\n"
    )


def _title(number: int) -> str:
    return f"关于第{number}号码头岸电的通知"


def _nothing(folder: Path) -> None:
    """The first build finds not even the folder."""


def _one(folder: Path) -> None:
    Curator(folder / "data", create=True).add_documents([from_row({"id": "base", "text": text(0)})])


def _titles(data: Path) -> State:
    with closing(Library.open(data)) as library:
        return {each.title: "there" for each in library.documents()}


def _ran(*arguments: str) -> None:
    if command(arguments, env={}) != 0:
        raise RuntimeError(f"{arguments[0]} failed")


def rows_of(folder: Path, version: int) -> Path:
    path = folder / "rows.jsonl"
    rows = (json.dumps({"id": f"d{at}", "text": text(at, version)}) for at in range(30 + version % 7))
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def _build(folder: Path) -> Iterator[Step]:
    data = folder / "data"
    for version in count(version_of(_built(folder)) + 1):
        made = f"version {version}, {30 + version % 7} documents"
        yield "will", "collection", made
        _ran("build", "--data", str(data), "--jsonl", str(rows_of(folder, version)))
        yield "did", "collection", made


def version_of(state: State) -> int:
    return int(state.get("collection", "version 0,").split(",")[0].removeprefix("version "))


def _built(folder: Path) -> State:
    return versions(folder / "data") if (folder / "data" / FILE_NAME).is_file() else {}


def versions(where: Where) -> State:
    """One version of all documents; two of them would be half a build."""
    with suppress(Exception), closing(Library.open(where)) as library:
        texts = [each.text for each in library.bodies()]
        versions = sorted({each.split("第")[2].split("版")[0] for each in texts})
        return {"collection": f"version {' and '.join(versions)}, {len(texts)} documents"}
    return {}


def _add(folder: Path) -> Iterator[Step]:
    data = folder / "data"
    for number in count(len(_titles(data))):
        path = folder / f"{number}.txt"
        path.write_text(text(number), encoding="utf-8")
        yield "will", _title(number), "there"
        _ran("add", str(path), "--data", str(data))
        yield "did", _title(number), "there"


def _many(folder: Path) -> None:
    Curator(folder / "data", create=True).add_documents(
        [from_row({"id": f"d{at}", "text": text(at)}) for at in range(60)]
    )


def _remove(folder: Path) -> Iterator[Step]:
    """Down to one document, and all of them put back in one change."""
    data = folder / "data"
    while True:
        for number in sorted(_numbers(data))[1:]:
            yield "will", _title(number), ABSENT
            _ran("remove", f"d{number}", "--data", str(data))
            yield "did", _title(number), ABSENT
        back = [number for number in range(60) if number not in _numbers(data)]
        yield from (("will", _title(number), "there") for number in back)
        Curator(data).add_documents([from_row({"id": f"d{at}", "text": text(at)}) for at in back])
        yield from (("did", _title(number), "there") for number in back)


def _numbers(data: Path) -> set[int]:
    with closing(Library.open(data)) as library:
        return {int(each.id[1:]) for each in library.documents()}


_OLD = 400


def _old_folders(folder: Path) -> None:
    for at in range(_OLD):
        (folder / str(at)).mkdir()
        shutil.copy(FIRST_RELEASE, folder / str(at) / FILE_NAME)


def _migrate(folder: Path) -> Iterator[Step]:
    old = sorted((int(path.name) for path in folder.iterdir() if path.is_dir()), reverse=True)
    for at in old:
        if _schema(folder / str(at)) == "3":
            yield "will", str(at), SCHEMA_VERSION
            Library.open(folder / str(at)).close()
            yield "did", str(at), SCHEMA_VERSION


def _schema(data: Path) -> str:
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        return str(connection.execute("select value from meta where key = 'schema'").fetchone()[0])


def _migrated(folder: Path) -> State:
    return {path.name: _schema(path) for path in folder.iterdir() if path.is_dir()}


def _last_migrated(folder: Path) -> Path:
    return folder / min(
        (name for name, version in _migrated(folder).items() if version == SCHEMA_VERSION), key=int, default="none"
    )


def _backup(folder: Path) -> Iterator[Step]:
    """Beside changes: a backup that was acknowledged holds all that was acknowledged before it."""
    data, file = folder / "data", folder / "saved.zip"
    for number in count(len(_titles(data))):
        yield "will", "library", str(number + 1)
        Curator(data).add_documents([from_row({"id": f"d{number}", "text": text(number)})])
        yield "did", "library", str(number + 1)
        yield "will", "backup", str(number + 1)
        backup(data, file)
        yield "did", "backup", str(number + 1)


def _backed_up(folder: Path) -> State:
    state = {"library": str(len(_titles(folder / "data")))}
    if (folder / "saved.zip").exists():
        restore(folder / "saved.zip", folder / "from-backup", replace=True)
        state["backup"] = str(len(_titles(folder / "from-backup")))
        shutil.rmtree(folder / "from-backup")
    return state


def _two_backups(folder: Path) -> None:
    _one(folder)
    for number in (1, 2):
        data = folder / f"of-{number}"
        Curator(data, create=True).add_documents([from_row({"id": f"d{number}", "text": text(number)})])
        Journal.open(data).close()
        backup(data, folder / f"{number}.zip")


def _restore(folder: Path) -> Iterator[Step]:
    for at in count():
        number = at % 2 + 1
        yield "will", "restored", _title(number)
        restore(folder / f"{number}.zip", folder / "data", replace=True)
        yield "did", "restored", _title(number)


def _restored(folder: Path) -> State:
    titles = " and ".join(_titles(folder / "data"))
    for kept in (folder / "data").glob("before-restore-*"):
        assert len(_titles(kept)) == 1, "what was replaced is not whole"
        shutil.rmtree(kept)
    return {"restored": titles}


def _publish(folder: Path) -> Iterator[Step]:
    """An editor uploads, publishes and corrects while people ask."""
    data = folder / "data"
    index, journal = Index.open(data), Journal.open(data)
    editing, assistant = Editing.open(data, index, journal), Assistant(index)
    for number in count(max(map(int, _published(folder))) + 1):
        thing = str(number)
        path = folder / f"{number}.txt"
        path.write_text(text(number), encoding="utf-8")
        yield "will", thing, "draft"
        (draft,) = editing.read([path])
        yield "did", thing, "draft"
        yield "will", thing, "published"
        (document_id,) = editing.publish([draft.id], editor=EDITOR)
        yield "did", thing, "published"
        question = f"第{number}号岸电设施由谁负责"
        yield "will", f"-{number}", "asked"
        journal.record(question, assistant.ask(question))
        yield "did", f"-{number}", "asked"
        yield "will", thing, "corrected"
        editing.correct(document_id, Correction("一1", title="更正过的标题"), editor=EDITOR)
        yield "did", thing, "corrected"


def _serve(folder: Path) -> Iterator[Step]:
    """The same over HTTP, the app killed with its client."""
    with served(folder / "data") as app:
        for number in count(max(map(int, _published(folder))) + 1):
            thing = str(number)
            path = folder / f"{number}.txt"
            path.write_text(text(number), encoding="utf-8")
            yield "will", thing, "draft"
            drafts = app.read(path)
            yield "did", thing, "draft"
            yield "will", thing, "published"
            app.publish(drafts)
            yield "did", thing, "published"
            question = f"第{number}号岸电设施由谁负责"
            yield "will", f"-{number}", "asked"
            app.client.post("/api/ask", json={"question": question}).raise_for_status()
            yield "did", f"-{number}", "asked"


def _published(folder: Path) -> State:
    """A document counts with its entry in the history only, and a correction with what it changed."""
    with closing(Library.open(folder / "data")) as library:
        drafts = [str(row[0]) for row in library.rows("select text from drafts")]
        state = {_number_in(each): "draft" for each in drafts}
        done = [entry.what for entry in history(library, 100_000)]
        for document in library.bodies():
            published = any(document.title in what and what.startswith("发布") for what in done)
            corrected = any(document.title in what and what.startswith("更正") for what in done)
            clause = document.clause("一1")
            assert published or document.id == "base", "a document without its entry in the history"
            assert corrected == (clause is not None and clause.title == "更正过的标题"), "half a correction"
            state[_number_in(document.text)] = "corrected" if corrected else "published"
    with closing(Journal.open(folder / "data")) as journal:
        return state | {f"-{_number_in(each.question)}": "asked" for each in journal.since("")}


def _number_in(words: str) -> str:
    return words.split("第")[1].split("号")[0]


KINDS = {
    "build": Kind(_nothing, _build, _built, span_s=4.0),
    "add": Kind(_one, _add, lambda folder: _titles(folder / "data"), span_s=3.0),
    "remove": Kind(_many, _remove, lambda folder: _titles(folder / "data"), span_s=3.0),
    "migrate": Kind(_old_folders, _migrate, _migrated, span_s=0.3, data=_last_migrated),
    "backup": Kind(_one, _backup, _backed_up),
    "restore": Kind(_two_backups, _restore, _restored),
    "publish": Kind(_one, _publish, _published, span_s=1.5),
    "serve": Kind(_one, _serve, _published, span_s=3.0),
}


class Promised:
    """What each thing may be: as last acknowledged, or as a step under way will make it."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        self._kind = kind
        self._allowed: dict[str, set[str]] = {}
        self.settle(folder)

    def hear(self, step: Step) -> None:
        said, thing, becomes = step
        if said == "did":
            self._allowed[thing] = {becomes}
        else:
            self._allowed.setdefault(thing, {ABSENT}).add(becomes)

    def broken(self, folder: Path) -> list[str]:
        """What was acknowledged and is not there, and what ``verify`` finds."""
        try:
            now = self._kind.held(folder)
            lost = [
                f"{thing} should be {' or '.join(sorted(allowed))}, is {now.get(thing, ABSENT)}"
                for thing, allowed in self._allowed.items()
                if now.get(thing, ABSENT) not in allowed
            ]
            data = self._kind.data(folder)
            if not now or is_unbuilt(data):
                return lost
            with Index.open(data) as index:
                index.intents()
                if not index.search("岸电箱由谁配备"):
                    lost.append("nothing is found any more")
            return lost + [finding.text for finding in verify(data) if not finding.sound]
        except (KnowledgeBaseError, AssertionError, sqlite3.Error) as problem:
            return [f"{type(problem).__name__}: {problem}"]

    def settle(self, folder: Path) -> None:
        """What is found now is what has to be there from now on."""
        self._allowed = {thing: {becomes} for thing, becomes in self._kind.held(folder).items()}
