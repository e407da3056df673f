"""Routes beside the screens: is the app well, and the matrix as a file."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from assistant.screens.matrix import matrix_download
from index.search import Index
from ingest.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from fastapi import FastAPI


def add_routes(app: "FastAPI", index: Index) -> None:
    """``/healthz`` and ``/export/matrix.xlsx|docx|csv?doc=…&unit=…``; what cannot be made is answered by one sentence."""
    from fastapi import Response

    @app.get("/healthz")
    def healthz() -> dict[str, object]:
        return {"status": "ok", "documents": len(index.documents())}

    @app.get("/export/matrix.{ending}")
    def matrix_file(ending: str, doc: str = "", unit: str = "") -> Response:
        try:
            file = matrix_download(index, ending, doc, unit)
        except KnowledgeBaseError as error:
            return Response(str(error), 400, media_type="text/plain; charset=utf-8")
        named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
        return Response(file.content, media_type=file.content_type, headers=named)
