"""Starting ``python ui.py``: what is wrong is said in one sentence, and nothing needs the network."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.browsing import ROOT, environment


def start(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "ui.py", *arguments],
        cwd=ROOT,
        env={**environment(), **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def says_one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith("。\n") and "Traceback" not in text


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = start("--port", str(taken.getsockname()[1]), "--data", str(tmp_path))
    assert ended.returncode == 1
    assert says_one_sentence(ended.stderr) and "端口" in ended.stderr


def test_a_data_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    ended = start("--port", "18999", "--data", str(tmp_path / "data"))
    assert ended.returncode == 1
    assert says_one_sentence(ended.stderr) and "文件夹" in ended.stderr


def test_a_broken_knowledge_base_is_said(tmp_path: Path) -> None:
    from index.library import FILE_NAME

    (tmp_path / FILE_NAME).write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    ended = start("--port", "18999", "--data", str(tmp_path))
    assert ended.returncode == 1
    assert says_one_sentence(ended.stderr) and "重建" in ended.stderr


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_a_wrong_port_in_the_environment_is_a_fault_of_the_settings(port: str) -> None:
    ended = start(POLICY_PORT=port)
    assert ended.returncode == 1
    assert says_one_sentence(ended.stderr) and "POLICY_PORT" in ended.stderr


@pytest.mark.parametrize("arguments", [["--port", "abc"], ["--nonsense"], ["--share", "yes"]])
def test_wrong_usage_is_exit_code_two(arguments: list[str]) -> None:
    ended = start(*arguments)
    assert ended.returncode == 2
    assert says_one_sentence(ended.stderr)


def test_help_answers_at_once_in_chinese() -> None:
    ended = start("--help")
    assert ended.returncode == 0
    assert "知识库文件夹" in ended.stdout


WITHOUT_NETWORK = """
import subprocess, sys, time, urllib.request
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
server = subprocess.Popen([sys.executable, "ui.py", "--port", "7860", "--data", sys.argv[1]])
try:
    for _ in range(1200):
        assert server.poll() is None
        try:
            urllib.request.urlopen("http://127.0.0.1:7860/healthz", timeout=100)
            break
        except OSError:
            time.sleep(0.1)
    from playwright.sync_api import sync_playwright
    from tests.ui.browsing import FLAGS, ask
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=sys.argv[2], args=FLAGS)
        page = browser.new_page()
        page.goto("http://127.0.0.1:7860/")
        page.wait_for_selector("#question textarea")
        ask(page, "第7项由哪些单位负责？")
        print(page.locator(".evidence .card .badge").first.inner_text())
        browser.close()
finally:
    server.terminate()
    server.wait()
"""


def test_build_page_and_answer_need_no_network_at_all(tmp_path: Path) -> None:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    unshare = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("unshare or ip is missing")
    if subprocess.run([*unshare, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine does not permit unshare -n")
    ended = subprocess.run(
        [*unshare, sys.executable, "-c", WITHOUT_NETWORK, str(tmp_path / "data"), chromium],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert ended.stdout.strip() == "任务 7", ended.stderr
