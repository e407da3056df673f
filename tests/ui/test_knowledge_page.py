"""An editor's work on the page 知识库, from login to undo, on a small collection of its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pytest

from index.library import Library
from tests.assistant.editors import HARBOUR
from tests.assistant.told import ORCHARD, built
from tests.ui.browsing import (
    CONTRAST,
    ROOT,
    App,
    ask,
    environment,
    free_port,
    leaves,
    no_sideways_scroll,
    wait_until_healthy,
)

USER, PASSWORD = "王编辑", "果园里的口令"
NIGHT = [
    "关于夜市管理的通知",
    "一、工作任务",
    "1.划定摊位。夜市摊位应当画线编号。（责任单位：市城管局）",
    "2.按时收摊。夜市应当在零点前收摊。（责任单位：市公安局）",
]
PARTS = ["上传", "文件", "文件信息", "更正", "相似问", "单位名录", "待处理", "核定答案", "用量", "历史"]
SPOKEN = "秋天想搞个摘果子的活动找谁张罗"


@dataclass(frozen=True)
class Desk:
    """An app with an editor, and a way to open its pages."""

    app: App
    open: Callable[..., Any]

    def documents(self) -> list[str]:
        library = Library.open(self.app.data)
        found = [each.title for each in library.documents()]
        library.close()
        return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder, port = tmp_path_factory.mktemp("knowledge"), free_port()
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    (folder / "password").chmod(0o600)
    data = built(folder, {"orchard": ORCHARD})
    settings = {"POLICY_EDITOR_USER": USER, "POLICY_EDITOR_PASSWORD_FILE": str(folder / "password")}
    command = [sys.executable, "ui.py", "--port", str(port), "--data", str(data)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment() | settings, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", process)
            yield App(f"http://127.0.0.1:{port}", data)
        finally:
            process.terminate()


@pytest.fixture
def desk(served: App, browser: Any) -> Iterator[Desk]:
    contexts, outside, faults = [], [], []

    def open_page(path: str = "/knowledge", *, width: int = 1400, dark: bool = False) -> Any:
        scheme = "dark" if dark else "light"
        context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: outside.append(request.url) if leaves(request.url) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(served.url + path)
        return page

    yield Desk(served, open_page)
    for context in contexts:
        context.close()
    assert outside == []
    assert faults == []


def logged_in(desk: Desk, **more: Any) -> Any:
    page = desk.open("/login?next=/knowledge", **more)
    enter(page, PASSWORD)
    page.wait_for_selector("#upload-files", state="attached")
    page.wait_for_selector("#gate .who")
    return page


def enter(page: Any, password: str) -> None:
    page.fill("input[name=user]", USER)
    page.fill("input[name=password]", password)
    page.click("form:has(input[name=password]) button[type=submit]")


def part(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).first.click()


def choose(page: Any, field: str, text: str) -> None:
    option = page.locator(field).get_by_role("option").filter(has_text=text).first
    page.locator(f"{field} input").click()
    option.click()
    page.keyboard.press("Tab")


def told(page: Any, sentence: str) -> None:
    page.wait_for_selector(f"#knowledge-told .told:has-text('{sentence}')")


def answer(desk: Desk, question: str) -> str:
    page = desk.open("/")
    page.wait_for_selector("#question textarea")
    ask(page, question)
    return str(page.inner_text("#chat"))


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "岸电.txt").write_text(HARBOUR, encoding="utf-8")
    paper = docx.Document()
    for line in NIGHT:
        paper.add_paragraph(line)
    paper.save(str(tmp_path / "夜市.docx"))
    return [str(tmp_path / "岸电.txt"), str(tmp_path / "夜市.docx")]


def test_without_login_nothing_of_the_editors_is_shown_or_done(desk: Desk, files: list[str]) -> None:
    page = desk.open()
    page.wait_for_selector("#gate a[href='/login?next=/knowledge']")
    assert page.locator("#parts").count() == 0
    sent = page.request.post(
        f"{desk.app.url}/gradio_api/upload",
        multipart={"files": {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}},
    )
    assert sent.status in (401, 403)
    for name in ("similar.jsonl", "journal.csv"):
        assert page.request.get(f"{desk.app.url}/export/knowledge/{name}").status == 403


def test_a_wrong_password_is_said_and_the_right_one_opens_the_page(desk: Desk) -> None:
    page = desk.open("/login?next=/knowledge")
    enter(page, "不对的口令")
    page.wait_for_selector("text=登录名或口令不对")
    enter(page, PASSWORD)
    page.wait_for_selector("#gate .who")
    assert page.locator("#parts [role=tab]").all_inner_texts()[: len(PARTS)] == PARTS
    page.click("#gate button:has-text('退出登录')")
    page.goto(desk.app.url + "/knowledge")
    page.wait_for_selector("#gate a[href='/login?next=/knowledge']")


def test_an_event_after_the_session_has_ended_does_nothing_and_keeps_what_was_typed(desk: Desk) -> None:
    page = logged_in(desk)
    part(page, "核定答案")
    page.fill("#vetted-question textarea", "还没有写完的问题")
    page.context.clear_cookies()
    page.click("#vetted-save")
    told(page, "登录已过期")
    assert page.input_value("#vetted-question textarea") == "还没有写完的问题"
    part(page, "历史")
    told(page, "登录已过期")
    assert page.locator("#history table").count() == 0


def test_files_are_read_audited_published_and_answered_from_and_undone(desk: Desk, files: list[str]) -> None:
    page = logged_in(desk)
    page.set_input_files("#upload-files input[type=file]", files)
    page.wait_for_selector("#upload-files .file-preview")
    page.click("#upload-read")
    told(page, "已读好")
    assert page.locator("#upload-progress .stages li.done").count() == 8
    assert page.locator("#draft-preview .audit").all_inner_texts() == ["2 项任务，2 项写明责任单位，0 段未归入条款"] * 2
    assert "市公安局" in page.inner_text("#draft-preview")
    assert "关于夜市管理的通知" not in desk.documents()
    page.click("#publish")
    told(page, "已发布 2 份")
    assert page.locator("ul.holdings a[href^='/document?doc=']").count() == 2
    assert "市公安局" in answer(desk, "夜市应当在零点前收摊，由哪个单位负责？")
    part(page, "历史")
    choose(page, "#history-entry", "发布")
    page.click("#undo")
    told(page, "已撤销")
    assert desk.documents() == ["江源市人民政府办公室关于促进观光果园发展的实施方案"]
    part(page, "上传")
    page.wait_for_selector("#draft-preview .draft")
    page.click("#discard")
    told(page, "已放弃 2 份")


def test_a_file_that_cannot_be_read_is_named_and_stays_chosen(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "空的.txt").write_text(" ", encoding="utf-8")
    page = logged_in(desk)
    page.set_input_files("#upload-files input[type=file]", [str(tmp_path / "空的.txt")])
    page.wait_for_selector("#upload-files .file-preview")
    page.click("#upload-read")
    told(page, "空的.txt")
    assert page.locator("#upload-progress .bad").first.inner_text() == "未读成"
    assert page.locator("#upload-files .file-preview").count() == 1


def test_an_unanswered_question_is_cleared_by_a_similar_question_and_then_answered(desk: Desk) -> None:
    assert "市文化和旅游局" not in answer(desk, SPOKEN)
    page = logged_in(desk)
    part(page, "待处理")
    page.locator("#queue label").filter(has_text=SPOKEN).click()
    choose(page, "#queue-clause", "二(二)")
    page.wait_for_selector("#queue-text .clause-shown:has-text('采摘节庆')")
    page.click("#queue-similar")
    told(page, "已处理")
    assert page.locator("#queue label").filter(has_text=SPOKEN).count() == 0
    assert "市文化和旅游局" in answer(desk, SPOKEN)


def test_a_correction_survives_reading_the_document_again_and_is_undone(desk: Desk) -> None:
    page = logged_in(desk)
    part(page, "更正")
    choose(page, "#correct-clause", "二(三)")
    page.wait_for_function("document.querySelector('#correct-units textarea').value.includes('市商务局（牵头）')")
    page.fill("#correct-units textarea", "市航天局")
    page.click("#correct-save")
    told(page, "没有写在二(三)的原文里")
    assert page.input_value("#correct-units textarea") == "市航天局"
    page.fill("#correct-units textarea", "市商务局（牵头）、市财政局（配合）")
    page.click("#correct-save")
    told(page, "已保存更正")
    part(page, "文件")
    choose(page, "#documents", "观光果园")
    page.click("#reread")
    told(page, "重新切分")
    page = logged_in(desk)
    part(page, "更正")
    page.wait_for_selector("#correct-list td:has-text('有效')")
    assert "牵头单位：市商务局；配合单位：市财政局" in answer(desk, "冷链仓储由哪些单位负责？")
    part(page, "历史")
    choose(page, "#history-entry", "重新读取")
    page.click("#undo")
    told(page, "已撤销")
    choose(page, "#history-entry", "更正《")
    page.click("#undo")
    told(page, "已撤销")
    part(page, "更正")
    page.wait_for_selector("#correct-list:has-text('还没有更正')")


def test_a_document_that_was_repealed_is_said_to_be_and_is_set_back(desk: Desk) -> None:
    page = logged_in(desk)
    part(page, "文件信息")
    page.wait_for_function(
        "document.querySelector('#details-title textarea, #details-title input').value.includes('果园')"
    )
    choose(page, "#details-status", "废止")
    page.click("#details-save")
    told(page, "请写明依据")
    page.fill("#details-source textarea, #details-source input", "https://example.org/gazette/12")
    page.click("#details-save")
    told(page, "已保存文件信息")
    page.wait_for_selector("#details-list td:has-text('有效性 废止')")
    assert "已废止" in answer(desk, "冷链仓储由哪些单位负责？")
    reader = desk.open("/document?doc=orchard")
    reader.wait_for_selector("dd:has-text('废止（编辑核实，依据：https://example.org/gazette/12）')")
    page.click("#details-back")
    told(page, "已恢复")
    assert "已废止" not in answer(desk, "冷链仓储由哪些单位负责？")


def test_a_vetted_answer_is_refused_then_kept_and_shown_with_its_note(desk: Desk) -> None:
    page = logged_in(desk)
    part(page, "核定答案")
    page.fill("#vetted-question textarea", "办采摘节有什么要求")
    choose(page, "#vetted-clause", "二(二)")
    page.fill("#vetted-answer textarea", "由市供销社负责。")
    page.click("#vetted-save")
    told(page, "市供销社")
    assert page.input_value("#vetted-answer textarea") == "由市供销社负责。"
    page.fill("#vetted-answer textarea", "每年春秋两季举办。")
    page.click("#vetted-save")
    told(page, "已保存")
    page.wait_for_selector("#vetted-list td:has-text('使用中')")
    shown = desk.open("/")
    shown.wait_for_selector("#question textarea")
    ask(shown, "请问办采摘节有什么要求？")
    assert "每年春秋两季举办。" in shown.inner_text("#chat")
    shown.wait_for_selector(f"text=经编辑核定（{USER}")


def test_similar_questions_and_the_journal_are_downloaded(desk: Desk) -> None:
    page = logged_in(desk)
    part(page, "用量")
    page.wait_for_selector("#usage .figures")
    with page.expect_download() as waiting:
        page.click("a[href='/export/knowledge/journal.csv']")
    assert waiting.value.path().read_text("utf-8-sig").startswith("时间,问题")


@pytest.mark.parametrize(("width", "dark"), [(360, True), (360, False), (1600, False)])
def test_the_page_fits_and_can_be_read(desk: Desk, width: int, dark: bool) -> None:
    page = logged_in(desk, width=width, dark=dark)
    assert no_sideways_scroll(page)
    for selector in ("#gate .who span", "#parts [role=tab][aria-selected=true]", "#upload-read", "#discard"):
        assert page.evaluate(CONTRAST, selector) >= 4.5, selector


def test_the_parts_are_reached_with_the_keyboard(desk: Desk) -> None:
    page = logged_in(desk)
    page.get_by_role("tab", name="上传").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#document-list table")
    assert page.get_by_role("tab", name="文件", exact=True).get_attribute("aria-selected") == "true"


def test_the_directory_shows_what_is_known_of_the_units_and_where_it_was_found(desk: Desk) -> None:
    page = logged_in(desk)
    part(page, "单位名录")
    row = page.locator("#directory-list tr").filter(has_text="湖北银保监局")
    row.wait_for()
    assert "国家金融监督管理总局湖北监管局（已核实，2023-07-20起）" in row.inner_text()
    assert row.locator("a[rel='noopener noreferrer']").count() > 0
