"""Files and addresses that an editor's program sends to be read; nothing is published by it."""

import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import Response, StreamingResponse

from assistant.api.editor_shapes import Rows
from assistant.api.errors import RequestError
from assistant.api.limits import FILES_AT_ONCE
from assistant.api.parts import Parts
from assistant.api.settings import MIB
from assistant.api.shapes import Words
from assistant.editing import Draft

_PIECE = 2**18
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_URLS_AT_ONCE = 20
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")


def add_routes(router: APIRouter, parts: Parts) -> None:
    @router.post("/documents", summary="上传文件或给出网址，读成待发布的草稿", response_model=Rows)
    async def read(
        files: Annotated[list[UploadFile] | None, File(description="文件，每次最多 4 个")] = None,
        urls: Annotated[list[Words] | None, Form(description="网址，可重复")] = None,
    ) -> Response:
        given, addresses = files or [], [each.strip() for each in urls or [] if each.strip()]
        _check(given, addresses, parts.context.limits.upload_bytes)
        return await parts.desk.run(lambda: told(_read(parts, given, addresses)))


def told(drafts: Sequence[Draft]) -> Response:
    """The rows of drafts, each document as it was written down but for its text; sent in pieces, so that nobody waits for a long one."""
    rows = [_row(each) for each in drafts]
    whole = "".join(('{"rows":[', ",".join(rows), "]}"))
    pieces = (whole[at : at + _PIECE].encode() for at in range(0, len(whole), _PIECE))
    return StreamingResponse(pieces, media_type="application/json")


def _row(draft: Draft) -> str:
    before = _json({"id": draft.id, "source": draft.source})
    behind = _json({"audit": draft.audit, "gaps": draft.gaps, "duplicates": draft.duplicates, "read_at": draft.read_at})
    return f'{before[:-1]},"document":{draft.written.body},{behind[1:]}'


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _check(files: Sequence[UploadFile], urls: Sequence[str], most: int) -> None:
    if not files and not urls:
        raise RequestError(422, "没有文件，也没有网址：文件放在 files 里，网址放在 urls 里（multipart/form-data）。")
    if len(files) > FILES_AT_ONCE or len(urls) > _URLS_AT_ONCE:
        raise RequestError(422, f"一次最多 {FILES_AT_ONCE} 个文件、{_URLS_AT_ONCE} 个网址，请分几次上传。")
    for file in files:
        if (file.size or 0) > most:
            raise RequestError(413, f"“{named(file.filename)}”超过 {most // MIB} MB，请拆成几个文件再上传。")
    for url in urls:  # a path would be a file of this machine
        if not _URL.fullmatch(url):
            raise RequestError(422, f"“{url[:100]}”不是 http 或 https 网址，请改正后再试。")


def _read(parts: Parts, files: Sequence[UploadFile], urls: Sequence[str]) -> tuple[Draft, ...]:
    with tempfile.TemporaryDirectory(prefix="policy-upload-") as folder:
        sources: list[str | Path] = []
        for number, file in enumerate(files):
            place = Path(folder) / str(number) / named(file.filename)
            place.parent.mkdir()
            with place.open("wb") as written:
                shutil.copyfileobj(file.file, written)
            sources.append(place)
        return parts.context.editing.read([*sources, *urls])


def named(given: str | None) -> str:
    """The file's own name without a folder, short enough for every file system; its ending stays."""
    name = _UNSAFE.sub("_", re.split(r"[/\\]", given or "")[-1]).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    return f"{stem.encode()[:150].decode(errors='ignore') or '文件'}{dot}{ending.encode()[:20].decode(errors='ignore')}"
