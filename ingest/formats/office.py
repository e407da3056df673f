"""Older and foreign office files (.doc, .wps, .rtf, .odt) through LibreOffice, where it is installed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from ingest.errors import IngestError
from ingest.formats.docx import read_docx
from ingest.formats.extract import Blob, Extract
from ingest.formats.limits import CONVERSION_SECONDS

PROGRAMS = ("soffice", "libreoffice")
# no macros, no links to outside files
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def read_office(blob: Blob) -> Extract:
    """Converted to .docx and read as such."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    suffix = Path(blob.name).suffix.lower() or ".doc"
    if program is None:
        raise IngestError(f"读取 {suffix} 文件需要 LibreOffice，请安装它，或把文件另存为 docx 后再导入。")
    with tempfile.TemporaryDirectory() as folder:
        # a made-up name: the given one may hold anything
        source = Path(folder, "source" + suffix)
        source.write_bytes(blob.data)
        profile = Path(folder, "profile", "user")
        profile.mkdir(parents=True)
        Path(profile, "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        _convert(program, source, Path(folder))
        target = source.with_suffix(".docx")
        if not target.exists():
            raise IngestError("LibreOffice 打不开这个文件（可能已损坏或设有密码），请另存为 docx 后再导入。")
        return read_docx(replace(blob, data=target.read_bytes()))


def _convert(program: str, source: Path, folder: Path) -> None:
    command = [
        program,
        f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML"),
        *("--outdir", str(folder), str(source)),
    ]
    quiet = subprocess.DEVNULL
    # a group of its own, because the program is a script that starts another; in a reading process it stays in that one's,
    # which is ended as a whole by whoever started it
    apart = _is_apart()
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=not apart)
    try:
        process.wait(CONVERSION_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise IngestError("LibreOffice 转换超时，请把文件另存为 docx 后再导入。") from error
    finally:
        _end(process, apart=apart)


def _is_apart() -> bool:
    """Whether this is a reading process (``ingest.apart``)."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return spec is not None and spec.name == "ingest.apart"


def _end(process: "subprocess.Popen[bytes]", *, apart: bool) -> None:
    if process.poll() is None and hasattr(os, "killpg") and not apart:
        os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
