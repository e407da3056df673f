"""A PostgreSQL of its own for the tests: made in a temporary folder, reached by loopback with a password, thrown away."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.deploy.proxy import free_port

USER, PASSWORD = "policy", "Kein-Wort-davon"
_QUICK = ("fsync=off", "full_page_writes=off", "max_connections=60", "log_min_messages=fatal")
_NUMBERS = count(1)


@dataclass
class Cluster:
    """A server that can be stopped and started. ``database`` makes an empty database and gives its address."""

    folder: Path
    port: int
    _process: "subprocess.Popen[bytes] | None" = None

    def url(self, name: str, *, password: str = PASSWORD, options: str = "") -> str:
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{name}{options}"

    def database(self) -> str:
        name = f"kb{next(_NUMBERS)}"
        self.run("postgres", f"create database {name}")
        return self.url(name)

    def run(self, name: str, statement: str) -> None:
        """As an administrator would."""
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as session:
            session.execute(statement)  # type: ignore[call-overload]

    def start(self) -> None:
        settings = (
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            *_QUICK,
        )
        self._process = _as_owner(
            program("postgres"), "-D", str(self.folder / "data"), *(part for each in settings for part in ("-c", each))
        )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if self.is_up():
                return
            time.sleep(0.05)
        raise AssertionError("PostgreSQL never answered")

    def is_up(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every session at once, SIGQUIT is a crash."""
        assert self._process
        self._process.send_signal(how)
        self._process.wait(30)


def program(name: str) -> str:
    """Where PostgreSQL's own programs stand; skips where it is not installed."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: -float(path.parts[4]))
    found = shutil.which(name) or next(map(str, places), None)
    if not found:
        pytest.skip(f"PostgreSQL's {name} is not installed")
    return found


@contextmanager
def cluster() -> Iterator[Cluster]:
    initdb = program("initdb")
    with tempfile.TemporaryDirectory(prefix="policy-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "password").write_text(PASSWORD, encoding="ascii")
        if _owner():
            for path in (folder, folder / "password"):
                shutil.chown(path, _owner())
        made = _as_owner(
            *(initdb, "-D", str(folder / "data"), "-U", USER, "-A", "scram-sha-256"),
            *("--pwfile", str(folder / "password"), "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        assert made.wait(60) == 0
        server = Cluster(folder, free_port())
        server.start()
        try:
            yield server
        finally:
            if server.is_up():
                server.stop(signal.SIGQUIT)  # nobody needs what is in it any more


def _owner() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else None


def _as_owner(*command: str) -> "subprocess.Popen[bytes]":
    groups: list[int] | None = [] if _owner() else None
    return subprocess.Popen(
        command,
        user=_owner(),
        extra_groups=groups,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
