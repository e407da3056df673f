"""The short form of ``bench/replicas.py``: three apps answer like the embedded one, and go on when one of them and Chroma are killed."""

import shutil
from pathlib import Path

import pytest

from bench import replicas
from bench.replicas import Load

QUESTIONS = [
    ["出口信用保险找谁"],
    ["国企把不要紧的活包出去，主管有谁？"],
    ["第7项讲什么", "找谁"],
    ["市教育局和市科技局共同负责哪几项"],
    ["“剥离非核心业务”出自哪条"],
    ["补贴多少钱"],
    ["武汉市商务局有哪些任务"],
    ["上云率 哪条"],
]


@pytest.mark.timeout(900)
def test_three_apps_answer_like_one_while_one_of_them_and_chroma_are_killed(tmp_path: Path) -> None:
    if not (shutil.which("nginx") and shutil.which("openssl")):
        pytest.skip("nginx is not installed")
    with replicas.site(tmp_path) as running:
        differing, answers = replicas.compared(running, QUESTIONS)
        assert differing == 0
        token = running.apps[1].client.headers["Authorization"]
        elsewhere = running.apps[2].client.get("/api/editor/history", headers={"Authorization": token})
        assert elsewhere.status_code == 200  # a login at one app is one at every other
        load, kills, end = replicas.loaded(running, QUESTIONS, answers, users=4, seconds=9)
    assert load.faults(kills, end) == []
    assert sum(status == 200 for _, _, status, _ in load.came) > 20
    assert running.apps[0].process.returncode is not None and running.chroma.returncode is not None


@pytest.mark.parametrize(
    ("came", "fault"),
    [
        ((1.0, 5.0, 200, False), "wrong"),
        ((1.0, 5.0, 500, False), "500"),
        ((1.0, 5.0, 0, False), "status"),
        ((8.5, 5.0, 503, False), "errors until"),
    ],
)
def test_what_must_not_be_is_found(came: tuple[float, float, int, bool], fault: str) -> None:
    load = Load([(0.5, 5.0, 200, True), (3.5, 5.0, 503, False), came])
    assert any(fault in each for each in load.faults([3.0, 9.0], 12.0))
    assert Load(load.came[:2]).faults([3.0, 9.0], 12.0) == []
