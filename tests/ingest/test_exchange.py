"""A Document survives the way through JSON unchanged."""

import json
from dataclasses import replace

import pytest

from ingest.document import (
    Audit,
    Certainty,
    Clause,
    Document,
    Form,
    Part,
    Reference,
    Repair,
    Responsibility,
    Role,
    Source,
    Span,
    Status,
    Unit,
)
from ingest.errors import IngestError
from ingest.exchange import from_json, to_json

TEXT = "关于茶叶的通知\n1.种茶。（牵头单位：市茶叶局）"
DOCUMENT = Document(
    id="tea",
    text=TEXT,
    source=Source("tea.txt", "txt", "utf-8", "0" * 64, "https://example.org/tea"),
    title="关于茶叶的通知",
    title_derived=True,
    number="茶发〔2021〕3号",
    issuer="市茶叶局",
    issued_on="2021-02",
    level="市",
    region="武汉市",
    status=Status.EXPIRED,
    form=Form.ORIGINAL,
    effective_on="2021-03-01",
    expires_on="2025",
    addressees=("各区政府", "市直部门"),
    clauses=(Clause("tea#任务1", "任务1", Part.TASK, Span(8, 24), "一", "种茶", 1, ("一、任务",)),),
    responsibilities=(
        Responsibility(
            "tea#任务1",
            Span(13, 24),
            TEXT[13:24],
            (Unit("市茶叶局", Role.LEAD, Span(19, 23)), Unit("各区政府", Role.COOPERATING, None, True)),
            "2021年底前",
            "列第一位者牵头",
        ),
    ),
    references=(Reference("茶叶条例", "茶发〔2020〕1号", Span(0, 2), "依据"),),
    repairs=(Repair(Span(0, 2), "关于", "关于：", "补冒号", Certainty.PROBABLE),),
    audit=Audit(1, 1, ("缺任务2",), 3, ("原文没有标题",)),
    spans=(("title", Span(0, 7)), ("number", Span(0, 1))),
)


def test_every_field_comes_back_equal() -> None:
    assert from_json(json.loads(json.dumps(to_json(DOCUMENT), ensure_ascii=False))) == DOCUMENT


def test_json_has_the_form_that_others_rely_on() -> None:
    row = to_json(DOCUMENT)
    assert row["clauses"][0] == {
        "id": "tea#任务1",
        "label": "任务1",
        "part": "任务",
        "span": [8, 24],
        "section": "一",
        "title": "种茶",
        "task": 1,
        "path": ["一、任务"],
    }
    assert row["responsibilities"][0]["units"][0] == {
        "name": "市茶叶局",
        "role": "lead",
        "span": [19, 23],
        "collective": False,
    }
    assert row["spans"] == {"title": [0, 7], "number": [0, 1]}
    assert row["repairs"][0]["certainty"] == "probable"


def test_keys_of_a_newer_version_are_ignored() -> None:
    row = to_json(DOCUMENT) | {"invented_later": 1}
    row["clauses"][0]["colour"] = "red"
    assert from_json(row) == DOCUMENT


def test_a_document_without_anything_optional_comes_back() -> None:
    bare = Document("x", "文", Source("x", "txt", None, ""), "")
    assert from_json(to_json(bare)) == bare


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"id": "x"},
        to_json(DOCUMENT) | {"status": "也许"},
        to_json(DOCUMENT) | {"clauses": [{"id": "a"}]},
        to_json(DOCUMENT) | {"clauses": [1]},
        to_json(replace(DOCUMENT, repairs=())) | {"text": "短"},
    ],
)
def test_a_row_that_is_no_document_is_refused_in_one_sentence(row: dict[str, object]) -> None:
    with pytest.raises(IngestError, match=r"请重新导出后再导入。$"):
        from_json(row)
