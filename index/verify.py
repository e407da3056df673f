"""Whether the knowledge base is whole: the file, every passage's place in its text, the blocks, the vectors and Chroma."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.correct import corrections, place_of
from index.embed import load_embedder
from index.faults import DamagedError
from index.home import Where
from index.ledger import kept
from index.library import Library
from index.schema import sum_of
from index.segment import fingerprint as words_fingerprint
from index.store import collection_name, held_count, served_count
from ingest.errors import IndexingError

_DAMAGED = (
    "{data} 里的知识库文件有损坏：重新启动应用或运行 python -m index build 会自动重建能重建的，"
    "仍说有损坏时用 python -m index restore 从备份恢复。"
)
REBUILD = "请运行 python -m index build 重建"
RESTORE = "请用 python -m index restore 从备份恢复"


@dataclass(frozen=True)
class Finding:
    """One thing checked; ``text`` says what was found and, where it is not sound, what to do."""

    sound: bool
    text: str


def verify(where: Where, *, model: str | None = None, chroma: str | None = None) -> Iterator[Finding]:
    """Check everything, one finding after another; ``chroma`` is the address of a server, None for the embedded one."""
    library = Library.open(where)
    try:
        if not library.is_sound():
            yield Finding(False, _DAMAGED.format(data=library.home))
            return
        with library.reading():
            yield from _documents(library)
            yield from _originals(library)
            yield from _blocks(library)
            yield from _similar(library)
            yield from _editors(library)
            yield from _made_with(library, model)
            yield _served(library, chroma) if chroma else _embedded(library)
    finally:
        library.close()


def _documents(library: Library) -> Iterator[Finding]:
    ids, faults, changed = library.document_ids(), [], []
    for document_id in ids:
        try:
            document = library.document(document_id)
        except DamagedError:
            changed.append(document_id)
            continue
        assert document  # it was listed in the same state
        length = len(document.text)
        rows = library.rows(
            "select count(*) from chunks join documents on documents.row = chunks.document"
            ' where documents.id = ? and (start < 0 or "end" > ? or start >= "end")',
            (document.id, length),
        )
        if rows != [(0,)]:
            faults.append(document.id)
    yield Finding(
        not faults,
        f"文件 {len(ids)} 份，"
        + (f"{'、'.join(faults[:5])} 的段落位置不对，{REBUILD}。" if faults else "段落位置都对。"),
    )

    yield Finding(
        not changed,
        f"{'、'.join(changed[:5])} 存着的内容与入库时不一样（磁盘或内存出过错），{RESTORE}。"
        if changed
        else "内容都与入库时一样。",
    )


def _originals(library: Library) -> Iterator[Finding]:
    """The files that documents were read from are named by their sums."""
    names = [str(row[0]) for row in library.rows("select sha256 from originals order by sha256")]
    changed = []
    for name in names:
        ((content, shown),) = library.rows("select content, name from originals where sha256 = ?", (name,))
        if hashlib.sha256(bytes(content)).hexdigest() != name:  # type: ignore[call-overload]
            changed.append(str(shown))
    yield Finding(
        not changed,
        f"原件 {len(names)} 个，"
        + (
            f"{'、'.join(changed[:5])} 与上传时不一样（磁盘或内存出过错），{RESTORE}。"
            if changed
            else "都与上传时一样。"
        ),
    )


def _blocks(library: Library) -> Iterator[Finding]:
    stored = {int(str(row[0])) for row in library.rows("select id from chunks")}
    living = {each.row for each in library.documents()}
    indexed: list[int] = []
    whole = True
    for block_id in library.block_ids():
        try:
            block = library.block(block_id)
        except DamagedError:
            whole = False
            continue
        ((content, stored_sum),) = library.rows("select content, sum from blocks where id = ?", (block_id,))
        whole &= sum_of(bytes(content)) == stored_sum  # type: ignore[call-overload]
        alive = np.isin(block.document_rows, list(living))
        indexed += block.chunk_ids[alive].tolist()
        norms = np.linalg.norm(block.vectors, axis=1)
        whole &= bool(np.isfinite(block.vectors).all() and ((norms < 1e-3) | (np.abs(norms - 1) < 1e-2)).all())
    matches = len(indexed) == len(set(indexed)) and set(indexed) == stored
    yield Finding(
        matches,
        f"词索引 {len(indexed)} 段，" + ("与文件一致。" if matches else f"文件里有 {len(stored)} 段，{REBUILD}。"),
    )
    yield Finding(whole, f"向量 {len(indexed)} 条，" + ("完好。" if whole else f"有损坏，{REBUILD}。"))


def _similar(library: Library) -> Iterator[Finding]:
    rows = library.similar()
    known = {
        (str(row[0]), str(row[1]))
        for row in library.rows("select documents.id, label from clauses join documents on row = document")
    }
    known |= {
        (str(row[0]), str(row[1]))
        for row in library.rows("select documents.id, clauses.id from clauses join documents on row = document")
    }
    lost = [row.question for row in rows if not all((row.document_id, label) in known for label in row.labels)]
    text = f"相似问 {len(rows)} 条，"
    yield Finding(
        not lost,
        text
        + (f"其中 {len(lost)} 条指向不存在的条款（如“{lost[0]}”），请改正或删除。" if lost else "都指向现有条款。"),
    )


def _editors(library: Library) -> Iterator[Finding]:
    """Corrections and vetted answers that no longer find their clause are kept, and told."""
    corrected, vetted = kept(library, "corrections"), kept(library, "vetted")
    lost = []
    for document_id in dict.fromkeys(row["document"] for row in corrected):
        document = library.document(document_id)
        lost += [each for each in corrections(library, document_id) if not document or not place_of(document, each)]
    yield Finding(
        not lost,
        f"更正 {len(corrected)} 条，"
        + (
            f"其中 {len(lost)} 条找不到原来的位置（如“{lost[0].label}”），请核对后重新更正或取消。"
            if lost
            else "都已套用。"
        ),
    )
    gone = [
        row for row in vetted if (found := library.document(row["document"])) is None or not found.clause(row["label"])
    ]
    yield Finding(
        not gone,
        f"核定答案 {len(vetted)} 条，"
        + (
            f"其中 {len(gone)} 条的条款已不在（如“{gone[0]['question']}”），请改正或删除。"
            if gone
            else "都有条款为据。"
        ),
    )


def _made_with(library: Library, model: str | None) -> Iterator[Finding]:
    same = library.meta("model") == load_embedder(model).fingerprint
    yield Finding(
        same,
        "嵌入模型"
        + ("与建库时相同。" if same else f"与建库时不同，请用 POLICY_EMBED_MODEL 指回原来的模型，或{REBUILD[1:]}。"),
    )
    same = library.meta("words") == words_fingerprint()
    yield Finding(same, "分词词典" + ("与建库时相同。" if same else f"在建库之后改过，{REBUILD}。"))


def _served(library: Library, place: str) -> Finding:
    stored = len(library.rows("select id from chunks"))
    try:
        held = served_count(place, collection_name(library))
    except IndexingError:
        return Finding(
            False, "CHROMA_URL 所指的 Chroma 服务没有应答，请检查地址或先启动服务；在此之前按原始向量精确检索。"
        )
    if held != stored:
        return Finding(True, f"Chroma 服务里有 {held} 条向量，文件有 {stored} 段，应用启动时自动补齐；检索以文件为准。")
    return Finding(True, f"Chroma 服务里有 {held} 条向量，与文件一致。")


def _embedded(library: Library) -> Finding:
    """Chroma is derived: what it lacks is made good when the app starts, and costs no answer meanwhile."""
    stored = len(library.rows("select id from chunks"))
    held = held_count(library.data, collection_name(library))
    if held is None:
        return Finding(True, "Chroma 尚未建立，应用启动时自动建立；在此之前按原始向量精确检索。")
    if held != stored:
        return Finding(True, f"Chroma 有 {held} 条向量，文件有 {stored} 段，应用启动时自动补齐；检索以文件为准。")
    return Finding(True, f"Chroma 有 {held} 条向量，与文件一致。")
