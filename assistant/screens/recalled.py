"""A conversation as the browser keeps it: turns packed as JSON, read back with care, written out as Markdown or Word.

The browser is no authority: what comes back from it is only shown to the one who kept it, and escaped like everything else.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from html import escape
from typing import Any

from assistant.answer import Answer, Citation, to_json
from assistant.said.paper import content_of, sheet
from assistant.screens.present import plain, reference
from ingest.document import Role, Span, Unit
from ingest.errors import AssistantError

LARGEST = 2_000_000
"""Bytes of a kept conversation that are read back."""
_MOST_TURNS = 200
_DAMAGED = "保存的对话已经损坏，打不开，请在历史对话里删除它。"
_WORDS = tuple(field.name for field in fields(Answer) if field.type in ("str", str))
_LISTS = ("units", "notes", "followups")
TALK_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Turn:
    """One question and what was answered."""

    question: str
    answer: Answer


def keepsake(question: str, answer: Answer, place: int) -> str:
    """The turn for the page's script, which keeps it in the browser; ``place`` is its number in the conversation."""
    row = {**to_json(answer), "question": question, "trace": {}}
    return f'<span hidden data-place="{place}" data-turn="{escape(json.dumps(row, ensure_ascii=False))}"></span>'


def recalled(text: str | None) -> tuple[Turn, ...]:
    """The turns that the browser sends back. AssistantError when they cannot be read."""
    if text is None:
        raise AssistantError(_DAMAGED)
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise AssistantError("这段对话太长，打不开；请在历史对话里导出后删除它。")
    try:
        rows = json.loads(text)
        return tuple(Turn(str(row["question"]), _answer(row)) for row in rows[:_MOST_TURNS])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise AssistantError(_DAMAGED) from error


def _answer(row: Mapping[str, Any]) -> Answer:
    words = {name: str(row[name]) for name in _WORDS if name in row}
    lists = {name: tuple(map(str, row[name])) for name in _LISTS}
    cited = {name: tuple(map(_citation, row[name])) for name in ("citations", "nearest")}
    sure = {
        "refused": bool(row["refused"]),
        "confidence": float(row["confidence"]),
        "model": row.get("model") and str(row["model"]),
    }
    given: dict[str, Any] = {**words, **lists, **cited, **sure}
    return Answer(**given)


def _citation(row: Mapping[str, Any]) -> Citation:
    return Citation(
        document_id=str(row["document_id"]),
        document_title=str(row["document_title"]),
        number=str(row["number"]) if row["number"] else None,
        clause_id=str(row["clause_id"]),
        label=str(row["label"]),
        task=int(row["task"]) if row["task"] is not None else None,
        section=str(row["section"]),
        title=str(row["title"]),
        units=tuple(Unit(str(unit["name"]), Role(unit["role"])) for unit in row["units"]),
        quote=str(row["quote"]),
        span=_span(row["span"]),
        document_sha256=str(row["document_sha256"]),
        form=str(row["form"]),
        focus=tuple(map(_span, row["focus"])),
    )


def _span(pair: Sequence[Any]) -> Span:
    start, end = map(int, pair)
    return Span(start, end)


def written(turns: Sequence[Turn], ending: str, on: date) -> bytes:
    """The conversation as a file. AssistantError for a format that is not in ``TALK_TYPES``."""
    if ending not in TALK_TYPES:
        raise AssistantError(f"对话不能导出成“{ending}”，请用 docx 或 md。")
    if not turns:
        raise AssistantError("这段对话还没有答案，先提问再导出。")
    return _docx(turns, on) if ending == "docx" else _markdown(turns, on).encode()


def _heading(on: date) -> tuple[str, str]:
    return "政策问答记录", f"导出日期 {on.isoformat()}。答案只依据库内文件；引用以原文为准。"


def _sources(answer: Answer) -> list[str]:
    return [reference(citation) for citation in answer.citations]


def _markdown(turns: Sequence[Turn], on: date) -> str:
    title, said = _heading(on)
    lines = [f"# {title}", "", said]
    for number, turn in enumerate(turns, 1):
        lines += ["", f"## {number}. {_flat(turn.question)}", "", plain(turn.answer)]
        if turn.answer.explanation:
            lines += ["", "模型的说明：", "", turn.answer.explanation]
        if turn.answer.citations:
            lines += ["", "依据：", ""]
        for source, citation in zip(_sources(turn.answer), turn.answer.citations, strict=True):
            lines += [f"- {source}", "", *(f"  > {line}" for line in citation.quote.strip().splitlines()), ""]
        lines += [f"- 说明：{note}" for note in turn.answer.notes]
        lines += [turn.answer.as_of] if turn.answer.as_of else []
    return "\n".join(lines) + "\n"


def _docx(turns: Sequence[Turn], on: date) -> bytes:
    title, said = _heading(on)
    paper = sheet()
    paper.add_heading(title, level=1)
    paper.add_paragraph(said)
    for number, turn in enumerate(turns, 1):
        paper.add_heading(f"{number}. {_flat(turn.question)}", level=2)
        for line in filter(str.strip, plain(turn.answer).splitlines()):
            paper.add_paragraph(_printable(line))
        if turn.answer.explanation:
            paper.add_paragraph(_printable(f"模型的说明：{turn.answer.explanation}"))
        for source, citation in zip(_sources(turn.answer), turn.answer.citations, strict=True):
            paper.add_paragraph(_printable(source), style="List Bullet")
            paper.add_paragraph(_printable(citation.quote.strip()), style="Quote")
        for note in (*turn.answer.notes, turn.answer.as_of):
            if note:
                paper.add_paragraph(_printable(note))
    return content_of(paper)


def _flat(text: str) -> str:
    return _printable(" ".join(text.split()))


def _printable(text: str) -> str:
    """Without the control characters that a Word file cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")
