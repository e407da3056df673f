"""Similar questions, their proposals, vetted answers and the unit directory's entries."""

import json
from collections.abc import Sequence
from pathlib import Path

from assistant.editing.desk import Desk
from assistant.editing.records import Field, Proposal, UnitEntry
from assistant.vetted import Vetted, faults_in
from index import similar
from index.curate import ADDED, BUILT
from index.ledger import SIMILAR, Ledger, kept, similar_key
from index.similar import SimilarQuestion
from ingest.errors import AssistantError

OPEN, ACCEPTED, REJECTED = "open", "accepted", "rejected"


class KnowledgeDesk(Desk):
    """What editors add to the documents."""

    def similar(self, document_id: str) -> list[SimilarQuestion]:
        """A document's similar questions, in the order in which they were added."""
        with self.looking() as library:
            rows = library.rows(
                'select labels, question, voice, reason from "similar" where document = ? order by id', (document_id,)
            )
        return [
            SimilarQuestion(document_id, tuple(json.loads(str(labels))), str(question), str(voice), str(reason))
            for labels, question, voice, reason in rows
        ]

    def similar_counts(self) -> dict[str, int]:
        """Document id → how many similar questions it has."""
        with self.looking() as library:
            rows = library.rows('select document, count(*) from "similar" group by document')
        return {str(document): int(str(count)) for document, count in rows}

    def add_similar(self, questions: Sequence[SimilarQuestion], *, editor: str) -> int:
        """Add similar questions, or point those that are known to other clauses; how many were new or changed."""
        with self.changing(editor) as ledger:
            fresh = put_similar(ledger, questions)
            if not fresh:
                raise AssistantError("这些相似问都已经有了，没有改动。")
            shown = f"“{fresh[0].question}”" + (f"等 {len(fresh)} 条" if len(fresh) > 1 else "")
            ledger.close(editor, f"添加相似问{shown}")
        return len(fresh)

    def remove_similar(self, document_id: str, questions: Sequence[str], *, editor: str) -> None:
        if not questions:
            raise AssistantError("还没有选择要删除的相似问，请先选择。")
        with self.changing(editor) as ledger:
            for question in questions:
                before = ledger.drop(SIMILAR, similar_key(document_id, question))
                if before["origin"] == BUILT:
                    ledger.put("dropped_similar", {"document": document_id, "question": question})
            ledger.close(editor, f"删除相似问“{questions[0]}”" + (f"等 {len(questions)} 条" if questions[1:] else ""))

    def import_similar(self, file: Path, *, editor: str) -> int:
        """Add the similar questions of a .jsonl or .xlsx file."""
        return self.add_similar(similar.read(file), editor=editor)

    def export_similar(self, file: Path, document_id: str | None = None) -> int:
        """Write the similar questions of one document, or of all, in the form that is read back."""
        with self.looking() as library:
            found = [each for each in similar.stored(library) if document_id in (None, each.document_id)]
        try:
            similar.write(file, found)
        except OSError as error:
            raise AssistantError(f"写不了 {file.name}，请检查磁盘空间后再试。") from error
        return len(found)

    def propose_similar(self, document_id: str, label: str) -> int:
        """Let the model propose wordings for a clause; how many are new. An editor decides on each."""
        if self.propose is None:
            raise AssistantError(
                "没有配置语言模型，不能自动提议相似问；可以手工添加，或设置 POLICY_LLM_BASE_URL 后重启。"
            )
        document, clause = self.clause(document_id, label)
        wordings = [each.strip() for each in self.propose(document, clause) if each.strip()]
        return self.put_proposals(document_id, clause.label, wordings, origin="模型")

    def put_proposals(self, document_id: str, label: str, questions: Sequence[str], *, origin: str) -> int:
        """Keep proposals that are neither known as similar questions nor decided on; how many."""
        self.clause(document_id, label)
        known = {each.question for each in self.similar(document_id)}
        with self.noting() as (_, change):
            return sum(
                len(
                    change.rows(
                        "insert into proposals (document, label, question, origin, state, made_on)"
                        " values (?, ?, ?, ?, ?, ?) on conflict do nothing returning id",
                        (document_id, label, question, origin, OPEN, self.today().isoformat()),
                    )
                )
                for question in dict.fromkeys(questions)
                if question not in known
            )

    def proposals(self) -> list[Proposal]:
        """The proposals that nobody has decided on."""
        with self.looking() as library:
            rows = [row for row in kept(library, "proposals") if row["state"] == OPEN]
        return [Proposal(str(row["id"]), row["document"], row["label"], row["question"], row["origin"]) for row in rows]

    def accept_proposal(self, proposal_id: str, *, editor: str) -> None:
        """It becomes a similar question of its clause."""
        with self.changing(editor) as ledger:
            question = self._decide(ledger, proposal_id, ACCEPTED)
            put_similar(ledger, [question])
            ledger.close(editor, f"采纳提议的相似问“{question.question}”")

    def reject_proposal(self, proposal_id: str, *, editor: str) -> None:
        """It is not proposed again."""
        with self.changing(editor) as ledger:
            question = self._decide(ledger, proposal_id, REJECTED)
            ledger.close(editor, f"不采纳提议的相似问“{question.question}”")

    def vetted(self) -> list[Vetted]:
        with self.looking() as library:
            return [Vetted.of(row) for row in kept(library, "vetted")]

    def put_vetted(self, vetted: Vetted, *, editor: str) -> Vetted:
        """Keep an answer for a question; refused when it says what the clause does not hold."""
        with self.changing(editor) as ledger:
            kept_now = self._put_vetted(ledger, vetted, editor)
            ledger.close(editor, f"核定答案“{kept_now.question}”")
        return kept_now

    def remove_vetted(self, vetted_id: str, *, editor: str) -> None:
        with self.changing(editor) as ledger:
            row = ledger.drop("vetted", vetted_id)
            ledger.close(editor, f"删除核定答案“{row['question']}”")

    def units(self) -> list[UnitEntry]:
        """What editors have added to the unit directory."""
        with self.looking() as library:
            rows = kept(library, "unit_entries")
        return [UnitEntry(**row | {"id": str(row["id"]), "field": Field(row["field"])}) for row in rows]

    def put_unit(self, record: UnitEntry, *, editor: str) -> None:
        """Add a fact about a unit, or change one; the unit must be known, and the fact must have a source."""
        checked = self._checked_unit(record)
        row = {
            "unit": checked.unit,
            "field": checked.field.value,
            "value": checked.value,
            "since": checked.since,
            "source": checked.source,
            "editor": editor,
            "made_on": self.today().isoformat(),
        }
        with self.changing(editor) as ledger:
            ledger.put("unit_entries", row, record.id or None)
            ledger.close(
                editor, f"单位名录：{checked.unit}的{checked.field.shown}“{checked.value}”", [f"unit:{checked.unit}"]
            )

    def remove_unit(self, entry_id: str, *, editor: str) -> None:
        with self.changing(editor) as ledger:
            row = ledger.drop("unit_entries", entry_id)
            ledger.close(
                editor,
                f"删除单位名录：{row['unit']}的{Field(row['field']).shown}“{row['value']}”",
                [f"unit:{row['unit']}"],
            )

    def _decide(self, ledger: Ledger, proposal_id: str, state: str) -> SimilarQuestion:
        row = next((each for each in kept(ledger.library, "proposals") if str(each["id"]) == proposal_id), None)
        if row is None or row["state"] != OPEN:
            raise AssistantError("这条提议已经处理过，请刷新后再看。")
        ledger.put("proposals", {**row, "state": state}, str(row["id"]))
        return SimilarQuestion(row["document"], (row["label"],), row["question"])

    def _put_vetted(self, ledger: Ledger, vetted: Vetted, editor: str) -> Vetted:
        document, clause = self.clause(vetted.document_id, vetted.label)
        question, answer = vetted.question.strip(), vetted.answer.strip()
        if not question or not answer:
            raise AssistantError("问题和答案都要写，请补齐后再保存；没有保存。")
        told = Vetted(vetted.id, document.id, clause.label, question, answer, editor, self.today().isoformat())
        faults = faults_in(told, document, clause, self.index.directory)
        if faults:
            raise AssistantError(
                f"答案里有{clause.label}没有写的内容：{'；'.join(faults)}。请改成条款里的说法，或改选条款；没有保存。"
            )
        same = next((each for each in kept(ledger.library, "vetted") if each["question"] == question), None)
        key = vetted.id or (str(same["id"]) if same else None)
        row = told.row()
        return Vetted.of(row | {"id": ledger.put("vetted", row, key)})

    def _checked_unit(self, record: UnitEntry) -> UnitEntry:
        directory = self.index.directory
        unit, value, source = record.unit.strip(), record.value.strip(), record.source.strip()
        if directory.record(unit) is None:
            raise AssistantError(f"单位名录里没有“{unit}”，请填写文件里使用的单位名称；没有保存。")
        if not value or not source:
            raise AssistantError("内容和来源都要写，请补齐后再保存；没有保存。")
        if record.field is Field.ALIAS and value != unit and directory.record(value) is not None:
            raise AssistantError(f"“{value}”本身就是另一个单位的名称，不能作为{unit}的别名；没有保存。")
        return UnitEntry(unit, record.field, value, source, record.since.strip(), id=record.id)


def put_similar(ledger: Ledger, questions: Sequence[SimilarQuestion]) -> list[SimilarQuestion]:
    """Those of the questions that are new or changed, put into the ledger; IndexingError when a clause does not exist."""
    similar.check(ledger.library, questions)
    known = set(similar.stored(ledger.library))
    fresh = [each for each in dict.fromkeys(questions) if each not in known]
    dropped = {(row["document"], row["question"]): str(row["id"]) for row in kept(ledger.library, "dropped_similar")}
    for each in fresh:
        ledger.put_similar(each, origin=ADDED)
        if (each.document_id, each.question) in dropped:
            ledger.drop("dropped_similar", dropped[each.document_id, each.question])
    return fresh
