"""Documents: read into drafts, published, removed, read again, corrected."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from assistant.editing.desk import Desk
from assistant.editing.reading import (
    Original,
    name_of,
    of_original,
    of_url,
    read_apart,
    read_source,
    sentence_of,
)
from assistant.editing.records import STAGES, Draft, KeptCorrection, Stage
from assistant.found.roles import written
from index import similar
from index.correct import Correction, checked, corrections, place_of, units_json
from index.curate import ADDED
from index.ledger import SIMILAR, Ledger, Row, kept, row_id, similar_key
from index.library import Library
from ingest.apart import Read
from ingest.audit import audit_sentence
from ingest.document import Audit, Document, Source
from ingest.errors import AssistantError, IngestError
from ingest.written import Written, opened

_ID = re.compile(r'\{"id": ("(?:[^"\\]|\\.)*")')


class DocumentDesk(Desk):
    """What editors do to documents."""

    def read(
        self, sources: Sequence[str | Path], *, say: Callable[[Stage], None] = lambda stage: None
    ) -> tuple[Draft, ...]:
        """Read files and URLs into drafts, which stay until they are published or discarded.

        Where some cannot be read, the others are kept all the same, and AssistantError says which and why.
        """
        kept_drafts: list[Draft] = []
        problems: list[str] = []
        for source in map(str, sources):
            try:
                original, drafts = read_source(source, catalog=self.catalog, index=self.index, say=say)
            except IngestError as error:
                problems.append(sentence_of(error, source))
                say(Stage(name_of(source), "未读成", str(error)))
                continue
            kept_drafts += self._keep(original, drafts)
            say(Stage(drafts[0].source, STAGES[3], f"{len(drafts)} 份"))
        if not sources:
            raise AssistantError("还没有选择文件，也没有写网址，请先选一个。")
        if problems:
            rest = f"其余 {len(kept_drafts)} 份已读好，在待发布里。" if kept_drafts else ""
            raise AssistantError("".join(problems) + rest)
        return tuple(kept_drafts)

    def drafts(self) -> tuple[Draft, ...]:
        """What was read and is not published yet, in the order in which it was read."""
        with self.looking() as library:
            return tuple(_draft(row) for row in kept(library, "drafts"))

    def discard(self, draft_ids: Sequence[str]) -> None:
        with self.noting() as (_, change):
            for each in draft_ids:
                change.run("delete from drafts where id = ?", (row_id(each),))
            change.run(
                "delete from originals where sha256 not in (select original from drafts where original is not null)"
                " and sha256 not in (select sha256 from sources)"
            )

    def publish(self, draft_ids: Sequence[str], *, editor: str) -> tuple[str, ...]:
        """Put drafts into the collection; from now on questions are answered from them. The documents' ids."""
        if not draft_ids:
            raise AssistantError("还没有选择要发布的文件，请先勾选。")
        with self.changing(editor) as ledger:
            rows = {str(row["id"]): row for row in kept(ledger.library, "drafts")}
            missing = [each for each in draft_ids if each not in rows]
            if missing:
                raise AssistantError("选中的文件里有的已经发布或放弃，请刷新后再选；没有发布。")
            documents = [opened(rows[each]["body"], rows[each]["text"]) for each in draft_ids]
            _no_twins(documents)
            for draft_id, document in zip(draft_ids, documents, strict=True):
                ledger.put_document(document, document.source.sha256, origin=ADDED)
                ledger.drop("drafts", draft_id)
            self._note_sources(ledger, [rows[each] for each in draft_ids], documents)
            ledger.close(editor, f"发布{_titles(documents)}")
        return tuple(each.id for each in documents)

    def remove(self, document_ids: Sequence[str], *, editor: str) -> None:
        """Take documents out of the collection, with their similar questions; undoing brings both back as they were."""
        if not document_ids:
            raise AssistantError("还没有选择要删除的文件，请先勾选。")
        with self.changing(editor) as ledger:
            documents = [_stored(ledger.library, each) for each in document_ids]
            for document in documents:
                for row in ledger.library.similar():
                    if row.document_id == document.id:
                        ledger.drop(SIMILAR, similar_key(document.id, row.question))
                ledger.drop("document", document.id)
            ledger.close(editor, f"删除{_titles(documents)}")

    def reread(self, document_ids: Sequence[str], *, editor: str) -> tuple[str, ...]:
        """Read documents again from their originals with today's readers, corrections included; a sentence for each."""
        told = []
        with self.changing(editor) as ledger:
            documents = [_stored(ledger.library, each) for each in document_ids]
            for document in documents:
                fresh, sentence = self._fresh(ledger.library, document)
                told.append(sentence)
                row = next(each for each in ledger.library.documents() if each.id == document.id)
                ledger.put_document(fresh, fresh.source.sha256, origin=row.origin)
            ledger.close(editor, f"重新读取{_titles(documents)}")
        told += [f"“{each.label}”更正时的原文已经不在，这条更正没有套用，请核对后重新更正。" for _, each in ledger.lost]
        return tuple(told)

    def correct(self, document_id: str, correction: Correction, *, editor: str) -> Document:
        """Put right what was misread of one clause, now and whenever the document is read again."""
        with self.changing(editor) as ledger:
            document = _stored(ledger.library, document_id)
            right = checked(document, correction)
            row, key = _merged(ledger.library, document_id, right)
            ledger.put("corrections", row | {"editor": editor, "made_on": self.today().isoformat()}, key)
            if right.new_label is not None and right.new_label != right.label:
                _relabel(ledger, document_id, right.label, right.new_label)
            ledger.close(editor, f"更正《{document.title or document.id}》{right.label}：{_told(right)}")
        return self.index.document(document_id)

    def corrections(self) -> tuple[KeptCorrection, ...]:
        """Every correction kept, those that no longer find their place included."""
        with self.looking() as library:
            return tuple(_kept_correction(library, row) for row in kept(library, "corrections"))

    def remove_correction(self, correction_id: str, *, editor: str) -> None:
        """The clause is again as it was read."""
        with self.changing(editor) as ledger:
            row = ledger.drop("corrections", correction_id)
            if row["new_label"]:
                _relabel(ledger, row["document"], row["new_label"], row["label"])
            ledger.close(editor, f"取消更正 {row['document']} {row['label']}")

    def _keep(self, original: Original | None, drafts: Sequence[Draft]) -> list[Draft]:
        """Drafts that survive a restart; one of the same document is replaced."""
        stored = []
        with self.noting() as (library, change):
            if original:
                change.run(
                    "insert into originals values (?, ?, ?) on conflict do nothing",
                    (original.sha256, original.name, original.content),
                )
            before = _held(library)
            for each in drafts:
                head = each.written.head
                values: tuple[str | int | None, ...] = (
                    each.source,
                    original.sha256 if original else None,
                    each.written.body,
                    head.text,
                    json.dumps(list(each.duplicates), ensure_ascii=False),
                    datetime.now(UTC).isoformat(timespec="seconds"),
                )
                if (draft_id := before.get(head.id)) is None:
                    statement = (
                        "insert into drafts (source, original, body, text, duplicates, made_at)"
                        " values (?, ?, ?, ?, ?, ?) returning id, made_at"
                    )
                else:
                    values += (draft_id,)
                    statement = (
                        "update drafts set source = ?, original = ?, body = ?, text = ?, duplicates = ?, made_at = ?"
                        " where id = ? returning id, made_at"
                    )
                row = change.rows(statement, values)[0]
                stored.append(replace(each, id=str(row[0]), read_at=str(row[1])))
        return stored

    def _note_sources(self, ledger: Ledger, rows: Sequence[Row], documents: Sequence[Document]) -> None:
        """Which original each document was read from."""
        read: dict[tuple[str, str], list[str]] = {}
        for row, document in zip(rows, documents, strict=True):
            if row["original"]:
                read.setdefault((row["source"], row["original"]), []).append(document.id)
        for (name, sha256), ids in read.items():
            path = f"{name}#{sha256[:12]}"
            before = ledger.library.sources().get(path, ("", ()))[1]
            ledger.note_source(path, sha256, tuple(dict.fromkeys((*before, *ids))), origin=ADDED)

    def _fresh(self, library: Library, document: Document) -> tuple[Document, str]:
        """The document read again, or as it was read where its original is not to be had, and a sentence that says which."""
        as_read = library.as_read(document.id) or document
        name = f"《{document.title or document.id}》"
        try:
            read = self._reading_of(library, document)
            found = self._documents(read) if read else None
        except IngestError as error:
            return as_read, f"{name}的原件读不到（{error}）已按库里的文本重新切分。"
        if found is None:
            return as_read, f"{name}没有保存原件，已按库里的文本重新切分；要重新读取请再上传一次。"
        fresh = next((each for each in found if each.id == document.id), None)
        if fresh is None:
            return as_read, f"{name}的原件里找不到这份文件，已按库里的文本重新切分。"
        return fresh, f"{name}已重新读取：{audit_sentence(fresh)}。"

    def _documents(self, read: Read) -> list[Document]:
        return [each.document for each in read_apart(read, catalog=self.catalog, index=self.index)]

    def _reading_of(self, library: Library, document: Document) -> Read | None:
        """From the file kept in the library, the document's URL, or the file that it was read from; None where there is none."""
        for sha256, ids in library.sources().values():
            if document.id in ids:
                found = library.rows("select name, sha256, content from originals where sha256 = ?", (sha256,))
                for name, digest, content in found:
                    return of_original(Original(str(name), str(digest), bytes(content)))  # type: ignore[call-overload]
        if document.source.url:
            return of_url(document.source.url)
        path = Path(document.source.path)
        if not path.is_file():
            return None
        from ingest.read import read

        return partial(read, path)


def _draft(row: Row) -> Draft:
    return Draft(str(row["id"]), row["source"], _written(row), tuple(json.loads(row["duplicates"])), row["made_at"])


def _written(row: Row) -> Written:
    """What stands there; where that is no document, one without clauses, which can be discarded."""
    try:
        return Written.of(opened(row["body"], row["text"]))
    except IngestError as fault:
        lost = Source(row["source"], "", None, "")
        empty = Document("", row["text"], lost, row["source"], audit=Audit(warnings=(str(fault),)))
        return Written.of(empty)


def _held(library: Library) -> dict[str, int]:
    """Document → its draft. Its id stands first in what was written down of it: the rest, which may be long, is not read."""
    rows = library.rows("select id, substr(body, 1, 2000) from drafts")
    found = ((_ID.match(str(body)), draft) for draft, body in rows)
    return {json.loads(first[1]): int(str(draft)) for first, draft in found if first}


def _stored(library: Library, document_id: str) -> Document:
    document = library.document(document_id)
    if document is None:
        raise AssistantError(f"知识库里没有文件“{document_id}”，可能已被删除，请刷新后再选；没有改动。")
    return document


def _no_twins(documents: Sequence[Document]) -> None:
    seen: set[str] = set()
    for each in documents:
        if each.id in seen:
            raise AssistantError(f"选中的文件里有两份都是《{each.title or each.id}》，请放弃其中一份；没有发布。")
        seen.add(each.id)


def _titles(documents: Sequence[Document]) -> str:
    shown = "、".join(f"《{each.title or each.id}》" for each in documents[:3])
    return f"{shown}等 {len(documents)} 份" if len(documents) > 3 else shown


def _merged(library: Library, document_id: str, right: Correction) -> tuple[Row, str | None]:
    """The row to keep, together with what was corrected at the same place before, and its key."""
    new: Row = {
        "document": document_id,
        "label": right.label,
        "opening": right.opening,
        "title": right.title,
        "new_label": right.new_label,
        "units": units_json(right.units),
    }
    for row in kept(library, "corrections"):
        same_place = row["opening"] == right.opening and right.label in (row["label"], row["new_label"])
        if row["document"] == document_id and same_place:
            told = {name: new[name] if new[name] is not None else row[name] for name in ("title", "new_label", "units")}
            return new | told | {"label": row["label"]}, str(row["id"])
    return new, None


def _relabel(ledger: Ledger, document_id: str, old: str, new: str) -> None:
    """Similar questions and vetted answers follow their clause."""
    for row in ledger.library.similar():
        if row.document_id == document_id and old in row.labels:
            labels = tuple(new if each == old else each for each in row.labels)
            question = similar.SimilarQuestion(document_id, labels, row.question, row.voice, row.reason)
            ledger.put_similar(question, origin=row.origin)
    for each in kept(ledger.library, "vetted"):
        if each["document"] == document_id and each["label"] == old:
            key = str(each.pop("id"))
            ledger.put("vetted", each | {"label": new}, key)


def _told(correction: Correction) -> str:
    parts = (
        ("标题", correction.title),
        ("编号", correction.new_label),
        ("责任单位", written(correction.units) if correction.units is not None else None),
    )
    return "，".join(f"{name}改为“{value}”" for name, value in parts if value is not None)


def _kept_correction(library: Library, row: Row) -> KeptCorrection:
    document = library.document(row["document"])
    mine = [each for each in corrections(library, row["document"]) if each.opening == row["opening"]]
    applies = document is not None and any(place_of(document, each) for each in mine)
    told = next((_told(each) for each in mine if each.label == row["label"]), "")
    return KeptCorrection(str(row["id"]), row["document"], row["label"], told, row["editor"], row["made_on"], applies)
