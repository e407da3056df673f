"""Editors' routes: everything that the page 知识库 can do, for programs. The guard lets only editors come here."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from assistant.api import looking, upload
from assistant.api.client import token_of
from assistant.api.editor_shapes import (
    Changed,
    CorrectionGiven,
    DetailsGiven,
    DocumentIds,
    DraftIds,
    Rows,
    Settled,
    SimilarMany,
    SimilarRemoved,
    UnitEntryGiven,
    VettedGiven,
)
from assistant.api.errors import RequestError
from assistant.api.parts import Parts
from assistant.api.reading import READING
from assistant.api.shapes import Words
from assistant.editing import Correction, Details, Editing, Settlement, SimilarQuestion, UnitEntry, Vetted
from ingest.document import Unit

Result = TypeVar("Result")
Row = dict[str, Any]
_RESPONSES = READING | {401: READING[401]}
_Key = Annotated[Words, Path(min_length=1, max_length=200)]
_Document = Annotated[Words, Query(min_length=1, max_length=200, description="文件编号")]


def add_routes(api: FastAPI, parts: Parts) -> None:
    access, editing = parts.context.access, parts.context.editing

    def editor_in(request: Request) -> str:
        editor = access.editor_of(token_of(request.headers))
        if editor is None:
            raise RequestError(401, headers={"WWW-Authenticate": "Bearer"})
        return editor

    for add in (_add_documents, _add_details, _add_similar, _add_vetted, _add_units, _add_queue, _add_history):
        router = APIRouter(prefix="/api/editor", tags=["编辑"], responses=_RESPONSES)
        add(router, parts, editing, Annotated[str, Depends(editor_in)])
        api.include_router(router)


async def _worked(parts: Parts, work: Callable[[], Result]) -> Result:
    """At the editors' desk, so that a long reading of files holds up no question."""
    return await parts.desk.run(work)


async def _done(parts: Parts, work: Callable[[], Any]) -> JSONResponse:
    """A change; what it gives (ids, a count) is told."""
    told = await _worked(parts, work)
    return JSONResponse({"status": "ok"} | (told if isinstance(told, dict) else {}))


async def _listed(parts: Parts, work: Callable[[], Iterable[Any]]) -> JSONResponse:
    """Also put together at the desk: a long list would hold up everybody's answers."""
    return await _worked(parts, lambda: JSONResponse({"rows": [row(each) for each in work()]}))


def row(value: Any) -> Row:
    """One of editing's values as JSON-ready values."""
    return dataclasses.asdict(value)


def _add_documents(router: APIRouter, parts: Parts, editing: Editing, who: Any) -> None:
    upload.add_routes(router, parts)

    @router.get("/drafts", summary="待发布的文件", response_model=Rows)
    async def drafts() -> Response:
        return await _worked(parts, lambda: upload.told(editing.drafts()))

    @router.post("/documents/publish", summary="发布", response_model=Changed)
    async def publish(given: DraftIds, editor: who) -> JSONResponse:
        return await _done(parts, lambda: {"documents": list(editing.publish(given.drafts, editor=editor))})

    @router.post("/documents/discard", summary="放弃待发布的文件", response_model=Changed)
    async def discard(given: DraftIds) -> JSONResponse:
        return await _done(parts, lambda: editing.discard(given.drafts))

    @router.post("/documents/remove", summary="从库里删除文件", response_model=Changed)
    async def remove(given: DocumentIds, editor: who) -> JSONResponse:
        return await _done(parts, lambda: editing.remove(given.documents, editor=editor))

    @router.post("/documents/reread", summary="按现在的读法重新读取文件", response_model=Changed)
    async def reread(given: DocumentIds, editor: who) -> JSONResponse:
        return await _done(parts, lambda: {"told": list(editing.reread(given.documents, editor=editor))})

    @router.get("/corrections", summary="更正", response_model=Rows)
    async def corrections() -> JSONResponse:
        return await _listed(parts, editing.corrections)

    @router.post("/corrections", summary="更正读错的条款", response_model=Changed)
    async def correct(given: CorrectionGiven, editor: who) -> JSONResponse:
        units = None if given.units is None else tuple(Unit(each.name, each.role) for each in given.units)
        right = Correction(given.label, given.title, given.new_label, units)
        return await _done(parts, lambda: {"document": editing.correct(given.document, right, editor=editor).id})

    @router.delete("/corrections/{correction_id}", summary="取消更正", response_model=Changed)
    async def remove_correction(correction_id: _Key, editor: who) -> JSONResponse:
        return await _done(parts, lambda: editing.remove_correction(correction_id, editor=editor))


def _add_details(router: APIRouter, parts: Parts, editing: Editing, who: Any) -> None:
    @router.get("/details", summary="更正过的文件信息", response_model=Rows)
    async def details() -> JSONResponse:
        return await _listed(parts, editing.details)

    @router.post("/details", summary="更正文件的标题、文号、日期、有效性", response_model=Changed)
    async def describe(given: DetailsGiven, editor: who) -> JSONResponse:
        right = Details(**given.model_dump(exclude={"document"}))
        return await _done(parts, lambda: {"document": editing.describe(given.document, right, editor=editor).id})

    @router.delete("/details/{document_id}", summary="文件信息恢复成读到的样子", response_model=Changed)
    async def forget_details(document_id: _Key, editor: who) -> JSONResponse:
        return await _done(parts, lambda: editing.forget_details(document_id, editor=editor))


def _add_similar(router: APIRouter, parts: Parts, editing: Editing, who: Any) -> None:
    @router.get("/similar", summary="一份文件的相似问", response_model=Rows)
    async def similar(document: _Document) -> JSONResponse:
        return await _listed(parts, lambda: editing.similar(looking.document(parts.context.index, document).id))

    @router.post("/similar", summary="添加相似问", response_model=Changed)
    async def add_similar(given: SimilarMany, editor: who) -> JSONResponse:
        questions = [
            SimilarQuestion(each.document, tuple(each.labels), each.question, voice=each.voice, reason=each.reason)
            for each in given.questions
        ]
        return await _done(parts, lambda: {"added": editing.add_similar(questions, editor=editor)})

    @router.post("/similar/remove", summary="删除相似问", response_model=Changed)
    async def remove_similar(given: SimilarRemoved, editor: who) -> JSONResponse:
        return await _done(parts, lambda: editing.remove_similar(given.document, given.questions, editor=editor))

    @router.get("/proposals", summary="模型提议的相似问", response_model=Rows)
    async def proposals() -> JSONResponse:
        return await _listed(parts, editing.proposals)

    @router.post("/proposals/{proposal_id}/accept", summary="采纳提议", response_model=Changed)
    async def accept(proposal_id: _Key, editor: who) -> JSONResponse:
        return await _done(parts, lambda: editing.accept_proposal(proposal_id, editor=editor))

    @router.post("/proposals/{proposal_id}/reject", summary="不采纳提议", response_model=Changed)
    async def reject(proposal_id: _Key, editor: who) -> JSONResponse:
        return await _done(parts, lambda: editing.reject_proposal(proposal_id, editor=editor))


def _add_vetted(router: APIRouter, parts: Parts, editing: Editing, who: Any) -> None:
    @router.get("/vetted", summary="核定答案", response_model=Rows)
    async def vetted() -> JSONResponse:
        return await _listed(parts, editing.vetted)

    @router.post("/vetted", summary="写一条核定答案", response_model=Changed)
    async def put_vetted(given: VettedGiven, editor: who) -> JSONResponse:
        told = Vetted(given.id, given.document, given.label, given.question, given.answer)
        return await _done(parts, lambda: {"id": editing.put_vetted(told, editor=editor).id})

    @router.delete("/vetted/{vetted_id}", summary="删除核定答案", response_model=Changed)
    async def remove_vetted(vetted_id: _Key, editor: who) -> JSONResponse:
        return await _done(parts, lambda: editing.remove_vetted(vetted_id, editor=editor))


def _add_units(router: APIRouter, parts: Parts, editing: Editing, who: Any) -> None:
    @router.get("/units", summary="单位名录里编辑补充的内容", response_model=Rows)
    async def units() -> JSONResponse:
        return await _listed(parts, editing.units)

    @router.post("/units", summary="补充别名、现名、电话或网址", response_model=Changed)
    async def put_unit(given: UnitEntryGiven, editor: who) -> JSONResponse:
        entry = UnitEntry(given.unit, given.field, given.value, given.source, given.since, id=given.id)
        return await _done(parts, lambda: editing.put_unit(entry, editor=editor))

    @router.delete("/units/{entry_id}", summary="删除补充的内容", response_model=Changed)
    async def remove_unit(entry_id: _Key, editor: who) -> JSONResponse:
        return await _done(parts, lambda: editing.remove_unit(entry_id, editor=editor))


def _add_queue(router: APIRouter, parts: Parts, editing: Editing, who: Any) -> None:
    days_of = Annotated[int, Query(ge=1, le=366, description="最近几天")]

    @router.get("/queue", summary="没有答出和被评为错的问题", response_model=Rows)
    async def queue(days: days_of = 7) -> JSONResponse:
        return await _listed(parts, lambda: editing.queue(days=days))

    @router.post("/queue/{item_id}", summary="处理一个问题", response_model=Changed)
    async def settle(item_id: _Key, given: Settled, editor: who) -> JSONResponse:
        how = Settlement(given.how, given.document, given.label, given.answer)
        return await _done(parts, lambda: editing.settle(item_id, how, editor=editor))

    @router.get("/usage", summary="用量", response_model=dict[str, Any])
    async def usage(days: days_of = 30) -> JSONResponse:
        return JSONResponse(row(await _worked(parts, lambda: editing.usage(days))))


def _add_history(router: APIRouter, parts: Parts, editing: Editing, who: Any) -> None:
    @router.get("/history", summary="改动历史", response_model=Rows)
    async def history(limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> JSONResponse:
        return await _listed(parts, lambda: editing.history(limit))

    @router.post("/history/{entry_id}/undo", summary="撤销一次改动", response_model=Changed)
    async def undo(entry_id: Annotated[int, Path(ge=1, le=2**53)], editor: who) -> JSONResponse:
        return await _done(parts, lambda: editing.undo(entry_id, editor=editor))
