"""REST as programs use it: questions, search, tasks, units, documents, verdicts, health and metrics."""

import httpx
import pytest

from assistant.journal import Journal, Verdict
from tests.api.conftest import Served
from tests.assistant.told import RESPONSIBLE, tasks_of

DOCUMENT = "wuhan-2021-service-outsourcing"


def asked(http: httpx.Client, question: str, **more: object) -> dict[str, object]:
    given = http.post("/api/ask", json={"question": question} | more)
    assert given.status_code == 200, given.text
    return dict(given.json())


def test_a_question_is_answered_with_units_clause_and_proof(http: httpx.Client) -> None:
    answer = asked(http, "第7项任务由谁负责")
    assert answer["units"] == RESPONSIBLE[7].split()
    (citation,) = answer["citations"]  # type: ignore[misc]
    whole = http.get(f"/api/documents/{citation['document_id']}").json()
    start, end = citation["span"]
    assert citation["label"] == "任务7" and whole["text"][start:end] == citation["quote"]


def test_a_follow_up_is_understood_from_the_history(http: httpx.Client) -> None:
    assert asked(http, "那第8项呢", history=["第7项任务由谁负责"])["units"] == RESPONSIBLE[8].split()


def test_the_same_question_gets_the_same_answer(http: httpx.Client) -> None:
    first, second = (asked(http, "人才培训谁负责") for _ in range(2))
    for answer in (first, second):
        del answer["elapsed_ms"], answer["entry"]
    assert first == second


def test_documents_narrow_what_is_answered_from(http: httpx.Client) -> None:
    assert asked(http, "第7项任务由谁负责", documents=[DOCUMENT])["refused"] is False
    assert asked(http, "第7项任务由谁负责", documents=["mofcom-2020-12"])["units"] == []
    assert asked(http, "第7项任务由谁负责")["refused"] is False
    unknown = http.post("/api/ask", json={"question": "谁负责", "documents": ["no-such"]})
    assert unknown.status_code == 404 and "no-such" in unknown.json()["error"]["message"]


def test_what_nothing_answers_is_refused_without_citations(http: httpx.Client) -> None:
    answer = asked(http, "深圳的社保缴费基数是多少")
    assert answer["refused"] is True and answer["citations"] == []


def test_a_verdict_reaches_the_journal_by_the_answers_ticket_only(http: httpx.Client, served: Served) -> None:
    entry = str(asked(http, "第3项是谁的事")["entry"])
    assert http.post("/api/feedback", json={"entry": entry, "verdict": "部门错"}).json() == {"status": "ok"}
    journal = Journal.open(served.data)
    kept = journal.entry(int(entry.split("-")[0]))
    journal.close()
    assert kept is not None and (kept.question, kept.verdict, kept.session) == (
        "第3项是谁的事",
        Verdict.WRONG_UNIT,
        "api",
    )
    number = entry.split("-")[0]
    for guess in (number, f"{number}-0000000000000000", "x", "-", "²", "9" * 99):
        given = http.post("/api/feedback", json={"id": guess, "verdict": "有用"})
        assert given.status_code == 404, guess
    assert http.post("/api/feedback", json={"entry": entry, "verdict": "好"}).status_code == 422
    assert http.post("/api/feedback", json={"verdict": "有用"}).status_code == 422


def test_search_gives_passages_with_their_place(http: httpx.Client) -> None:
    found = http.get("/api/search", params={"q": "人才队伍", "limit": 3}).json()
    assert len(found["hits"]) == 3 and found["hits"][0]["label"] == "任务10"
    narrowed = http.get(
        "/api/search", params={"q": "人才", "unit": "市人社局", "limit": 50, "document": DOCUMENT}
    ).json()
    assert {hit["task"] for hit in narrowed["hits"]} <= set(tasks_of("市人社局"))


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 422),
        ({"q": ""}, 422),
        ({"q": "人才", "limit": "0"}, 422),
        ({"q": "人才", "limit": "many"}, 422),
        ({"q": "人才", "level": "村"}, 422),
        ({"q": "人才", "unit": "没有这个局"}, 404),
        ({"q": "人才", "document": "no-such"}, 404),
        ({"q": "字" * 3000}, 422),
    ],
)
def test_a_wrong_search_is_refused_with_a_sentence(http: httpx.Client, params: dict[str, str], status: int) -> None:
    given = http.get("/api/search", params=params)
    assert given.status_code == status
    assert given.json()["error"]["message"].endswith("。")


@pytest.mark.parametrize("unit", ["市教育局", "教育局", "武汉市教育局"])
def test_a_units_tasks_are_complete_by_any_of_its_names(http: httpx.Client, unit: str) -> None:
    told = http.get("/api/tasks", params={"unit": unit, "document": DOCUMENT}).json()
    assert told["unit"] == "市教育局"
    assert [task["task"] for task in told["tasks"]] == tasks_of("市教育局")


def test_all_tasks_and_all_units_are_listed(http: httpx.Client) -> None:
    told = http.get("/api/tasks", params={"document": DOCUMENT}).json()
    assert {task["task"]: " ".join(unit["name"] for unit in task["units"]) for task in told["tasks"]} == RESPONSIBLE
    units = {unit["name"]: unit["tasks"] for unit in http.get("/api/units").json()["units"]}
    assert units["武汉海关"] == len(tasks_of("武汉海关"))


def test_documents_are_listed_and_shown_without_this_machines_folders(http: httpx.Client) -> None:
    cards = http.get("/api/documents").json()["documents"]
    assert DOCUMENT in {card["id"] for card in cards}
    whole = http.get(f"/api/documents/{DOCUMENT}").json()
    assert len([clause for clause in whole["clauses"] if clause["task"]]) == 15
    assert "/" not in whole["source"]["path"]
    assert http.get("/api/documents/no-such").status_code == 404


def test_health_and_metrics_are_told(http: httpx.Client) -> None:
    assert http.get("/healthz").json()["status"] == "ok"
    before = http.get("/metrics").text
    asked(http, "第9项是谁的事")
    after = http.get("/metrics").text

    def count(text: str) -> float:
        lines = [line for line in text.splitlines() if line.startswith("policy_questions_total")]
        return sum(float(line.split()[-1]) for line in lines)

    assert count(after) == count(before) + 1
    for name in ("policy_documents", "policy_index_info", "policy_stage_seconds_bucket", "policy_running"):
        assert name in after
    assert "第9项" not in after


def test_the_description_holds_every_route_with_its_forms(http: httpx.Client) -> None:
    told = http.get("/openapi.json").json()
    for path in (
        "/api/ask",
        "/api/search",
        "/api/tasks",
        "/api/units",
        "/api/documents",
        "/api/documents/{document_id}",
    ):
        assert path in told["paths"]
    for path in ("/api/feedback", "/healthz", "/metrics", "/v1/chat/completions", "/v1/models", "/api/editor/queue"):
        assert path in told["paths"]
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"] and operation["responses"], (path, method)
