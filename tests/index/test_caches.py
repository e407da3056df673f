"""What is kept beside the library only to be quick is made again when a power cut or a bad disk has spoilt it."""

import marshal
from collections.abc import Callable
from pathlib import Path

import pytest

from index import segment
from index.search import Index


def _forget() -> None:
    for cached in (segment._dictionary, segment._cutter, segment.words_in, segment._parts):
        cached.cache_clear()


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has cut nothing yet."""
    _forget()
    monkeypatch.setattr(segment, "_cache_folder", None)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def zeros(content: bytes) -> bytes:
    return bytes(len(content))


def nothing(content: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("spoilt", [half, zeros, nothing])
def test_a_model_of_intents_that_is_damaged_is_trained_again(seeds: Path, spoilt: Callable[[bytes], bytes]) -> None:
    with Index.open(seeds) as index:
        before = index.intents().models
    (kept, *_) = seeds.glob("intent-*.npz")
    sound = kept.read_bytes()
    kept.write_bytes(spoilt(sound))
    with Index.open(seeds) as index:
        assert index.intents().models.keys() == before.keys()
    assert kept.stat().st_size == len(sound)


def test_a_dictionary_whose_bytes_have_changed_cuts_no_words(tmp_path: Path, cold: None) -> None:
    segment.keep_dictionary_in(tmp_path)
    right = list(segment.words("服务外包人才培训"))
    (kept,) = tmp_path.glob("dictionary-*.bin")
    digest, content = kept.read_bytes()[:32], kept.read_bytes()[32:]
    weights, unknown = marshal.loads(content)
    for end in range(1, 6):
        weights.setdefault("务外包人才"[:end], 0.0)
    weights["务外包人才"] = -0.1
    kept.write_bytes(digest + marshal.dumps((weights, unknown)))
    _forget()
    assert list(segment.words("服务外包人才培训")) == right
