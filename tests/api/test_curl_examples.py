"""The commands of docs/api.md, run as they stand there; those that need somebody's own file or id are left to the other tests."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.api.conftest import PASSWORD, USER, Served
from tests.ui.browsing import ROOT

TEXT = (ROOT / "docs/api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.replace("\\\n", " ").splitlines() if line.startswith("curl ")]
OWN = re.compile(r"刚才|编号|@文件|undo")
READING = [each for each in COMMANDS if not OWN.search(each) and '"$A"' not in each]
EDITING = [each for each in COMMANDS if not OWN.search(each) and "$E" in each]


def run(served: Served, folder: Path, script: str) -> str:
    """Fails where curl does, which it does for every status from 400 on."""
    if not shutil.which("curl"):
        pytest.skip("no curl on this machine")
    (folder / ".curlrc").write_text("fail\nnoproxy = 127.0.0.1\n")
    setting = f"set -e\nAPP={served.url}\n"
    done = subprocess.run(
        ["bash", "-c", setting + script], cwd=folder, env=os.environ | {"CURL_HOME": str(folder)}, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize("command", READING)
def test_a_command_that_reads_runs_as_it_is_written(served: Served, tmp_path: Path, command: str) -> None:
    told = run(served, tmp_path, command)
    files = [each for each in tmp_path.iterdir() if each.name != ".curlrc"]
    assert told.strip() or files[0].stat().st_size > 1000
    assert 'isError":true' not in told


def test_the_editors_commands_run_with_the_token_that_the_first_gives(served: Served, tmp_path: Path) -> None:
    login = next(block for block in BLOCKS if block.startswith("TOKEN="))
    head = "\n".join(login.splitlines()[:2]).replace("登录名", USER).replace("口令", PASSWORD)
    told = run(served, tmp_path, "\n".join([head, *EDITING]))
    assert told.count('"rows"') >= 3 and '"by_day"' in told


def test_enough_of_the_commands_are_run() -> None:
    assert len(READING) >= 14 and len(EDITING) >= 4
