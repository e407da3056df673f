"""An editor's program: everything that the page 知识库 does, over HTTP with a token, and every step taken back."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.conftest import Served
from tests.assistant.editors import HARBOUR

NAME = "关于港口岸电的通知"


@pytest.fixture
def editor(served: Served) -> Iterator[httpx.Client]:
    with served.client(served.token()) as client:
        yield client


def rows(client: httpx.Client, path: str, **params: Any) -> list[dict[str, Any]]:
    given = client.get(f"/api/editor/{path}", params=params)
    assert given.status_code == 200, given.text
    return list(given.json()["rows"])


def done(given: httpx.Response) -> dict[str, Any]:
    assert given.status_code == 200, given.text
    return dict(given.json())


def uploaded(client: httpx.Client) -> dict[str, Any]:
    file = ("../../港口:岸电.txt", HARBOUR.encode("gb18030"), "text/plain")
    (draft,) = done(client.post("/api/editor/documents", files={"files": file}))["rows"]
    return dict(draft)


@pytest.fixture
def harbour(editor: httpx.Client) -> Iterator[str]:
    """The document, published; removed again."""
    (made,) = done(editor.post("/api/editor/documents/publish", json={"drafts": [uploaded(editor)["id"]]}))["documents"]
    yield str(made)
    done(editor.post("/api/editor/documents/remove", json={"documents": [made]}))


def answered(client: httpx.Client, question: str) -> dict[str, Any]:
    return done(client.post("/api/ask", json={"question": question}))


def undo_last(editor: httpx.Client) -> None:
    done(editor.post(f"/api/editor/history/{rows(editor, 'history', limit=1)[0]['id']}/undo"))


def test_an_upload_is_seen_before_anybody_is_answered_from_it(editor: httpx.Client) -> None:
    draft = uploaded(editor)
    assert draft["document"]["title"] == NAME and draft["document"]["audit"]["tasks_with_units"] == 2
    assert draft["id"] in {each["id"] for each in rows(editor, "drafts")}
    assert NAME not in {card["title"] for card in editor.get("/api/documents").json()["documents"]}
    done(editor.post("/api/editor/documents/discard", json={"drafts": [draft["id"]]}))
    assert draft["id"] not in {each["id"] for each in rows(editor, "drafts")}


def test_a_published_document_answers_at_once_and_nothing_is_left_of_it_after_removal(editor: httpx.Client) -> None:
    (made,) = done(editor.post("/api/editor/documents/publish", json={"drafts": [uploaded(editor)["id"]]}))["documents"]
    assert answered(editor, "沿江码头的岸电箱由谁配备")["units"] == ["市交通运输局"]
    done(editor.post("/api/editor/documents/remove", json={"documents": [made]}))
    assert answered(editor, "沿江码头的岸电箱由谁配备")["units"] == []
    undo_last(editor)
    assert answered(editor, "沿江码头的岸电箱由谁配备")["units"] == ["市交通运输局"]
    done(editor.post("/api/editor/documents/remove", json={"documents": [made]}))


def test_a_correction_is_answered_from_and_survives_another_reading(editor: httpx.Client, harbour: str) -> None:
    right = {"document": harbour, "label": "任务2", "units": [{"name": "市财政局"}]}
    done(editor.post("/api/editor/corrections", json=right))
    done(editor.post("/api/editor/documents/reread", json={"documents": [harbour]}))
    assert answered(editor, "靠泊船舶使用岸电的补贴由谁发放")["units"] == ["市财政局"]
    (kept,) = [each for each in rows(editor, "corrections") if each["document_id"] == harbour]
    done(editor.delete(f"/api/editor/corrections/{kept['id']}"))
    assert answered(editor, "靠泊船舶使用岸电的补贴由谁发放")["units"] == ["市财政局", "市交通运输局"]


def test_a_repealed_document_is_said_to_be_until_it_is_set_back(editor: httpx.Client, harbour: str) -> None:
    asked = "沿江码头的岸电箱由谁配备"
    right = {"document": harbour, "status": "废止", "source": "甲港发〔2032〕1号"}
    done(editor.post("/api/editor/details", json=right))
    assert "已废止" in answered(editor, asked)["as_of"]
    (kept,) = rows(editor, "details")
    assert (kept["document"], kept["field"], kept["value"]) == (harbour, "status", "废止")
    done(editor.delete(f"/api/editor/details/{harbour}"))
    assert "已废止" not in answered(editor, asked)["as_of"]
    assert editor.post("/api/editor/details", json=right | {"status": "还行"}).status_code == 422


def test_a_similar_question_teaches_and_can_be_taken_back(editor: httpx.Client, harbour: str) -> None:
    asked = "趸船插座归哪里装"
    taught = {"document": harbour, "labels": ["任务1"], "question": asked}
    assert done(editor.post("/api/editor/similar", json={"questions": [taught]}))["added"] == 1
    assert answered(editor, asked)["units"] == ["市交通运输局"]
    assert asked in {each["question"] for each in rows(editor, "similar", document=harbour)}
    done(editor.post("/api/editor/similar/remove", json={"document": harbour, "questions": [asked]}))
    assert asked not in {each["question"] for each in rows(editor, "similar", document=harbour)}


def test_an_unanswered_question_is_settled_by_a_vetted_answer(editor: httpx.Client, harbour: str) -> None:
    asked = "靠泊的趸船要交卫生押金吗"
    assert answered(editor, asked)["refused"]
    (item,) = [each for each in rows(editor, "queue") if each["question"] == asked]
    how = {"how": "核定答案", "document": harbour, "label": "任务2", "answer": "使用岸电的船舶每度电补贴三角。"}
    done(editor.post(f"/api/editor/queue/{item['id']}", json=how))
    told = answered(editor, asked)
    assert "每度电补贴三角" in told["answer"] and told["citations"][0]["label"] == "任务2"
    assert asked not in {each["question"] for each in rows(editor, "queue")}
    (vetted,) = [each for each in rows(editor, "vetted") if each["question"] == asked]
    done(editor.delete(f"/api/editor/vetted/{vetted['id']}"))
    assert answered(editor, asked)["refused"]


def test_a_telephone_number_is_told_with_its_source_and_can_be_undone(editor: httpx.Client) -> None:
    given = {"unit": "市商务局", "field": "phone", "value": "027-12345678", "source": "单位网站", "since": "2026-11-01"}
    done(editor.post("/api/editor/units", json=given))
    (kept,) = [each for each in rows(editor, "units") if each["value"] == "027-12345678"]
    assert (kept["unit"], kept["source"]) == ("市商务局", "单位网站")
    undo_last(editor)
    assert rows(editor, "units") == []


def test_every_change_is_journalled_with_who_made_it(editor: httpx.Client, harbour: str) -> None:
    latest = rows(editor, "history", limit=1)[0]
    assert latest["editor"] and NAME in latest["what"]
    usage = done(editor.get("/api/editor/usage", params={"days": 7}))
    assert usage["days"] == 7 and len(usage["by_day"]) == 7


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"urls": "file:///etc/passwd"}, 422),
        ({"urls": "/etc/passwd"}, 422),
        ({"urls": "http://127.0.0.1:1/"}, 400),
        ({"urls": "http://169.254.169.254/latest"}, 400),
        ({}, 422),
    ],
)
def test_an_address_of_this_machine_is_not_fetched(editor: httpx.Client, body: dict[str, str], status: int) -> None:
    given = editor.post("/api/editor/documents", data=body)
    if given.status_code == 200:  # told beside the file, as for one bad file among several
        (draft,) = given.json()["rows"]
        assert draft["document"] is None, draft
        return
    assert given.status_code == status, given.text


def test_a_file_too_large_is_refused_with_its_name(editor: httpx.Client) -> None:
    given = editor.post("/api/editor/documents", files={"files": ("大.txt", b"x" * (1024 * 1024 + 1))})
    assert given.status_code == 413 and "大.txt" in given.json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "documents/publish", {"drafts": ["no-such"]}),
        ("POST", "documents/remove", {"documents": ["no-such"]}),
        ("POST", "corrections", {"document": "no-such", "label": "任务1"}),
        ("POST", "queue/no-such", {"how": "不处理"}),
        ("POST", "history/99999/undo", None),
        ("DELETE", "vetted/no-such", None),
        ("DELETE", "corrections/no-such", None),
        ("POST", "details", {"document": "no-such", "number": "甲〔2031〕1号", "source": "公报"}),
        ("DELETE", "details/no-such", None),
        ("GET", "similar?document=no-such", None),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(editor: httpx.Client, method: str, path: str, body: Any) -> None:
    given = editor.request(method, f"/api/editor/{path}", json=body)
    assert 400 <= given.status_code < 500, given.text
    assert given.json()["error"]["message"].endswith("。")
