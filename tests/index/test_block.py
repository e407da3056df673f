"""Blocks: what goes in comes out, and merging equals building at once."""

import numpy as np

from index.block import Block, from_bytes, merge, postings, to_bytes


def keys(*values: int) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    return np.array(values, np.uint64)


def block(first_id: int, document_row: int, *rows: tuple[int, ...]) -> Block:
    inverted = postings([keys(*row) for row in rows])
    return Block(
        chunk_ids=np.arange(first_id, first_id + len(rows), dtype=np.int64),
        document_rows=np.full(len(rows), document_row, np.int64),
        title_rows=np.array([document_row], np.int64),
        words=inverted,
        pairs=inverted,
        titles=postings([keys(99)]),
        vectors=np.eye(len(rows), 4, dtype=np.float32),
    )


def test_postings_say_where_a_key_stands_and_how_often() -> None:
    inverted = postings([keys(7, 5, 7), keys(), keys(7)])
    rows, counts = inverted.find(7)
    assert (rows.tolist(), counts.tolist()) == ([0, 2], [2, 1])
    assert inverted.find(6)[0].tolist() == []
    assert inverted.lengths.tolist() == [3, 0, 1]


def test_a_block_survives_being_stored() -> None:
    before = block(1, 1, (7, 5), (5,))
    after = from_bytes(to_bytes(before))
    assert after.words.find(5)[0].tolist() == [0, 1]
    assert after.titles.find(99)[0].tolist() == [0]
    assert np.array_equal(after.vectors, before.vectors)


def test_merged_blocks_leave_out_documents_that_are_gone() -> None:
    merged = merge([block(1, 1, (7,), (5, 7)), block(3, 2, (7,)), block(4, 3, (7, 7))], np.array([1, 3]))
    assert merged.chunk_ids.tolist() == [1, 2, 4]
    rows, counts = merged.words.find(7)
    assert (rows.tolist(), counts.tolist()) == ([0, 1, 2], [1, 1, 2])
    assert merged.title_rows.tolist() == [1, 3]
    assert merged.titles.find(99)[0].tolist() == [0, 1]
