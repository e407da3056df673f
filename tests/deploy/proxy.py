"""``deploy/nginx.conf`` as it stands, running here: other ports, a certificate of its own, everything else unchanged."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRAME = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """A running nginx: its HTTPS address, its plain port, and the certificate to trust."""

    url: str
    plain_port: int
    certificate: Path

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


def free_port() -> int:
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def written(folder: Path, upstream_ports: int | Sequence[int], secure: int, plain: int) -> Path:
    """The configuration to start nginx with, for one app or several; skips where nginx or openssl is missing."""
    for program in ("nginx", "openssl"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(folder / "policy.key"), "-out", str(folder / "policy.crt")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files],
        check=True,
        capture_output=True,
    )
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    one = next(line for line in site.splitlines() if line.strip().startswith("server 127.0.0.1:7860"))
    ports = [upstream_ports] if isinstance(upstream_ports, int) else upstream_ports
    for old, new in {
        one: "\n".join(one.replace("7860", str(port)) for port in ports),
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{secure} ",
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "/etc/nginx/tls": str(folder),
    }.items():
        assert old in site
        site = site.replace(old, new)
    path = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers could not enter the folder
    path.write_text(FRAME.format(user=user, folder=folder, site=site), encoding="utf-8")
    return path


@contextmanager
def proxy(folder: Path, upstream_ports: int | Sequence[int]) -> Iterator[Proxy]:
    """nginx in front of one app or several."""
    secure, plain = free_port(), free_port()
    configuration = written(folder, upstream_ports, secure, plain)
    command = ["nginx", "-p", str(folder), "-c", str(configuration), "-e", str(folder / "error.log")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(secure, process)
            yield Proxy(f"https://localhost:{secure}", plain, folder / "policy.crt")
        finally:
            process.terminate()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        assert process.poll() is None, "nginx ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx never answered")
