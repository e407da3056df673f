"""Routes beside the screens: the pages' scripts, and files to save: the matrix, a conversation."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from assistant.gate import BusyError
from assistant.screens.context import Context
from assistant.screens.matrix import matrix_download
from assistant.screens.recalled import LARGEST, TALK_TYPES, recalled, written
from index.postgres import UnavailableError
from ingest.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from fastapi import FastAPI, Response

_HERE = Path(__file__).parent
_ASSETS = {
    "present.js": ("text/javascript; charset=utf-8", '<script src="{}"></script>'),
    "talks.js": ("text/javascript; charset=utf-8", '<script src="{}"></script>'),
    "outer.css": ("text/css; charset=utf-8", '<link rel="stylesheet" href="{}">'),
}


def add_routes(app: "FastAPI", context: Context) -> None:
    """``/export/matrix.xlsx|docx|csv?doc=…&unit=…&group=…``, ``/export/talk.docx|md``; faults are one sentence."""
    from fastapi import Request, Response

    @app.get("/export/matrix.{ending}")
    async def matrix_file(ending: str, doc: str = "", unit: str = "", group: str = "") -> Response:
        try:
            file = await context.gate.run(lambda: matrix_download(context.index, ending, doc, unit, group))
        except KnowledgeBaseError as error:
            return _refused(error)
        return _attached(file.content, file.content_type, file.name)

    @app.post("/export/talk.{ending}")
    async def talk_file(ending: str, request: Request) -> Response:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                return Response("这段对话太长，不能导出。", 413, media_type="text/plain; charset=utf-8")
        try:
            told = body.decode(errors="replace")
            content = await context.gate.run(lambda: written(recalled(told), ending, date.today()))
        except KnowledgeBaseError as error:
            return _refused(error)
        return _attached(content, TALK_TYPES[ending], f"政策问答记录.{ending}")


def add_scripts(app: "FastAPI") -> str:
    """Serve the pages' scripts; the lines of the head that load them, whose addresses change whenever a file does."""
    from fastapi import Response

    contents = {name: (_HERE / name).read_bytes() for name in _ASSETS}

    @app.get("/scripts/{name}")
    def asset(name: str) -> Response:
        if name not in contents:
            return Response("没有这个文件。", 404, media_type="text/plain; charset=utf-8")
        kept = {"Cache-Control": "public, max-age=604800"}
        return Response(contents[name], media_type=_ASSETS[name][0], headers=kept)

    marks = {name: sha256(content).hexdigest()[:12] for name, content in contents.items()}
    return "".join(line.format(f"/scripts/{name}?v={marks[name]}") for name, (_, line) in _ASSETS.items())


def _refused(error: KnowledgeBaseError) -> "Response":
    from fastapi import Response

    status, headers = 400, {}
    if isinstance(error, BusyError | UnavailableError):
        status, headers = 503, {"Retry-After": str(error.wait_s)}
    return Response(str(error), status, headers, media_type="text/plain; charset=utf-8")


def _attached(content: bytes, content_type: str, name: str) -> "Response":
    from fastapi import Response

    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=content_type, headers=headers)
