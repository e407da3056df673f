"""The files for deployment say what is true of the program: settings, paths, ports, commands."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from index.settings import Settings
from tests.deploy.proxy import ROOT

UNITS = sorted((ROOT / "deploy").glob("*.service")) + sorted((ROOT / "deploy").glob("*.timer"))
TEXTS = [
    ROOT / "Containerfile",
    ROOT / "compose.yaml",
    ROOT / "docs" / "deploy.md",
    ROOT / "deploy" / "nginx.conf",
    *UNITS,
]
FORMS = {"FROM", "ARG", "RUN", "ENV", "WORKDIR", "COPY", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's instructions, long lines joined."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    return [(each.split(maxsplit=1)[0], each.split(maxsplit=1)[1]) for each in joined.splitlines()]


def name_of(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_every_setting_named_is_in_the_table_of_the_readme(path: Path) -> None:
    named = set(re.findall(r"\b(?:POLICY_[A-Z_]+|CHROMA_URL)\b", path.read_text(encoding="utf-8")))
    table = set(re.findall(r"`(POLICY_[A-Z_]+|CHROMA_URL)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named <= table


def test_the_containerfile_has_known_instructions_and_copies_what_exists() -> None:
    found = instructions()
    assert found[0][0] == "FROM" and {name for name, _ in found} <= FORMS
    copied = [source for name, rest in found if name == "COPY" for source in rest.split()[:-1]]
    assert all((ROOT / source).exists() for source in copied)
    assert {"ui.py", "ingest", "index", "assistant", "seeds", "requirements.txt", "constraints.txt"} <= set(copied)
    assert found[-1] == ("CMD", '["python", "ui.py"]')
    assert [rest for name, rest in found if name == "USER"] == ["policy"]


def test_only_what_is_copied_goes_into_the_build() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {source for name, rest in instructions() if name == "COPY" for source in rest.split()[:-1]}
    assert "*" in lines and let_in == copied


def test_what_the_program_needs_at_run_time_is_copied(tmp_path: Path) -> None:
    """The image's files alone, in a folder of their own: the commands start."""
    for source in {source for name, rest in instructions() if name == "COPY" for source in rest.split()[:-1]}:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, tmp_path / source)
    (tmp_path / "text.txt").write_text("关于夜市的通知\n\n夜市应当按时收摊。", encoding="utf-8")
    for command in (
        ["-m", "index", "build", "--data", "d", "text.txt"],
        ["-m", "index", "verify", "--data", "d"],
        ["ui.py", "--help"],
    ):
        done = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_compose_runs_the_image_with_nothing_to_spare() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services["app"]["build"]["dockerfile"] == "Containerfile"
    assert services["app"]["image"] == services["chroma"]["image"]
    for service in services.values():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in services["app"]["ports"])
    assert "ports" not in services["postgres"]
    assert "ports" not in services["chroma"] and services["chroma"]["command"][:2] == ["chroma", "run"]


def test_an_empty_chroma_url_as_compose_passes_it_means_embedded() -> None:
    assert Settings.from_env({"CHROMA_URL": ""}).chroma_url is None


@pytest.mark.parametrize("path", UNITS, ids=name_of)
def test_systemd_accepts_the_unit(path: Path, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    for unit in UNITS:  # the program is not installed here: only its path is exchanged
        text = unit.read_text(encoding="utf-8").replace("/opt/policy-assistant/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / path.name)], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if "policy-assistant" in line] == []


def test_commands_of_the_guide_exist() -> None:
    guide = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8") + "".join(
        each.read_text("utf-8") for each in UNITS
    )
    commands = set(re.findall(r"-m index (\w+)", guide))
    assert {"backup", "restore", "verify"} <= commands
    known = subprocess.run([sys.executable, "-m", "index", "--help"], cwd=ROOT, capture_output=True, text=True).stdout
    assert all(re.search(rf"^ +{command} ", known, re.MULTILINE) for command in commands)


def test_files_that_the_guide_names_exist() -> None:
    for page in (ROOT / "docs" / "deploy.md", ROOT / "docs" / "threats.md", ROOT / "README.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), target
