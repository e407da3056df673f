"""Chunks: whole sentences of one clause, at their place in the text, nothing left out."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import LONGEST, chunk, nodes
from ingest.document import Clause, Document, Part, Source, Span
from tests.index.conftest import HARBOUR, document


def test_every_readable_character_is_in_a_chunk() -> None:
    read = document("harbour", HARBOUR)
    covered = {at for each in chunk(read) for at in range(*each.span)}
    assert all(at in covered or read.text[at].isspace() for at in range(len(read.text)))


def test_a_chunk_belongs_to_the_clause_that_holds_it() -> None:
    read = document("harbour", HARBOUR)
    task = next(each for each in chunk(read) if "岸电箱" in each.span.of(read.text))
    clause = read.clause(task.clause_id)
    assert clause is not None and clause.span.covers(task.span)


def test_long_text_is_cut_at_sentence_ends_and_the_last_short_sentence_is_repeated() -> None:
    text = "推广港口岸电设施。" * 60
    plain = Document("d", text, Source("d", "text", None, ""), "t")
    chunks = chunk(plain)
    assert all(each.span.end - each.span.start <= LONGEST and each.span.of(text).endswith("。") for each in chunks)
    assert all(one.span.end > other.span.start for one, other in pairwise(chunks))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="港口。,\n 岸x1", max_size=900), st.integers(0, 900))
def test_any_text_is_covered_whatever_its_clauses(text: str, cut: int) -> None:
    cut = min(cut, len(text))
    clauses = (Clause("a", "一", Part.SECTION, Span(0, cut), "一"),) if cut else ()
    read = Document("d", text, Source("d", "text", None, ""), "t", clauses=clauses)
    covered = {at for each in chunk(read) for at in range(*each.span)}
    assert all(at in covered or text[at].isspace() for at in range(len(text)))
    assert all(0 < each.span.end - each.span.start <= LONGEST for each in chunk(read))


def test_llama_index_gets_the_chunks_as_nodes() -> None:
    read = document("harbour", HARBOUR)
    made = nodes(read)
    assert [node.text for node in made] == [each.span.of(read.text) for each in chunk(read)]
    assert all(read.text[node.start_char_idx : node.end_char_idx] == node.text for node in made)
    assert {node.metadata["document_id"] for node in made} == {"harbour"}
