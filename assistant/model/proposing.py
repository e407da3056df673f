"""Where the model's similar questions go: into a file to look through (``python -m assistant propose``), or to the editors' desk."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from assistant.model.llm import Endpoint, Fault, Gate, ModelError
from assistant.model.llm_settings import MODEL, URL, endpoint_from_env
from assistant.model.propose import askable, propose
from index import similar
from index.home import Where
from index.library import Library
from index.search import Index
from ingest.document import Clause, Document
from ingest.errors import AssistantError

_PATIENCE_S = 60.0
"""Nobody waits at a screen for these."""
_HOPELESS = frozenset({Fault.UNREACHABLE, Fault.KEY, Fault.NO_MODEL, Fault.RESTING})


def propose_into(
    file: Path, document_id: str, *, index: Index, where: Where, env: Mapping[str, str], count: int
) -> int:
    """Write the proposals clause by clause; the exit code, 1 when a clause got none for a fault."""
    endpoint = endpoint_from_env(env)
    if endpoint is None:
        raise AssistantError(f"没有设置语言模型，请先设置 {URL} 和 {MODEL}，再提议相似问。")
    patient = _patiently(endpoint)
    document = _document(index, document_id)
    known = [each.question for each in _stored(where) if each.document_id == document_id]
    found: list[similar.SimilarQuestion] = []
    failed = 0
    for clause in askable(document):
        try:
            new = propose(patient, document, clause, directory=index.directory, known=known, count=count)
        except ModelError as error:
            print(f"{clause.label}：没有得到提议，{error}", file=sys.stderr)
            failed += 1
            if error.fault in _HOPELESS:
                break
            continue
        print(f"{clause.label}：{len(new)}句", file=sys.stderr)
        found += new
        known += [each.question for each in new]
        _write(file, found)
    _write(file, found)
    print(f"已把{len(found)}句提议写入 {file}；请逐句看过、删改后再导入。", file=sys.stderr)
    return 1 if failed else 0


def proposer(endpoint: Endpoint, index: Index, where: Where) -> Callable[[Document, Clause], tuple[str, ...]]:
    """The form that the editing doorway takes: new wordings for a clause. ModelError where the model gives none."""
    patient = _patiently(endpoint)

    def propose_for(document: Document, clause: Clause) -> tuple[str, ...]:
        known = [each.question for each in _stored(where) if each.document_id == document.id]
        found = propose(patient, document, clause, directory=index.directory, known=known)
        return tuple(each.question for each in found)

    return propose_for


def _patiently(endpoint: Endpoint) -> Endpoint:
    """The endpoint with the time that proposals take, and places of its own: they do not rest with the answers'."""
    return replace(endpoint, deadline_s=max(endpoint.deadline_s, _PATIENCE_S), gate=Gate())


def _document(index: Index, document_id: str) -> Document:
    held = [document.id for document in index.documents()]
    if document_id not in held:
        some = "、".join(held[:5])
        raise AssistantError(f"库里没有文件“{document_id}”，请写文件的编号，例如 {some}。")
    return index.document(document_id)


def _stored(where: Where) -> list[similar.SimilarQuestion]:
    library = Library.open(where)
    try:
        return similar.stored(library)
    finally:
        library.close()


def _write(file: Path, found: list[similar.SimilarQuestion]) -> None:
    try:
        similar.write(file, found)
    except OSError as error:
        raise AssistantError(f"写不了 {file}：{error.strerror or error}，请换一个文件夹或检查权限。") from error
