"""The short form of ``bench/kill.py`` and ``bench/power_cut.py``: what was acknowledged is there, and nothing needs a hand."""

import shutil
from pathlib import Path

import pytest

from bench import kill, power_cut
from bench.kill import KINDS
from bench.kill_work import KINDS as ON_DISK

CUT = [name for name in ON_DISK if name != "serve"]


@pytest.mark.parametrize("name", KINDS)
def test_a_killed_process_loses_nothing_that_was_acknowledged(tmp_path: Path, name: str) -> None:
    (life,) = kill.run([name], 2, 7, tmp_path)
    assert life.faults == []
    assert life.kills == 2


@pytest.mark.skipif(not (shutil.which("gcc") or shutil.which("cc")), reason="no C compiler on this machine")
@pytest.mark.parametrize("name", CUT)
def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path, name: str) -> None:
    looked, found = power_cut.faults(name, tmp_path, steps=3, cuts=3, seed=7)
    assert found == []
    assert looked >= 9
