"""The bundled model and any other: the same text gives the same unit vectors, and what is wrong is said in one sentence."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embed import BUNDLED, load_embedder
from ingest.errors import IndexingError

TEXTS = [
    "园区里做实验的进口耗材账怎么平",
    "（七）便利研发用品进口。对园区企业的研发用进口耗材，优化海关监管流程。（责任单位：武汉海关、市商务局）",
    "上云率 哪条",
    "2025年",
    "",
]


def _closeness(left: str, right: str) -> float:
    vectors = load_embedder().embed([left, right])
    return float(vectors[0] @ vectors[1])


def test_numpy_and_sentence_transformers_read_the_bundled_model_alike() -> None:
    ours, theirs = load_embedder(), load_embedder(str(BUNDLED))
    assert np.abs(ours.embed(TEXTS) - theirs.embed(TEXTS)).max() < 1e-5
    assert (ours.fingerprint, ours.dimension) == (theirs.fingerprint, theirs.dimension)


def test_vectors_have_length_one_and_a_text_without_words_has_none() -> None:
    lengths = np.linalg.norm(load_embedder().embed([*TEXTS, "！？……"]), axis=1)
    assert lengths == pytest.approx([1, 1, 1, 1, 0, 0], abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_company() -> None:
    embedder = load_embedder()
    assert np.array_equal(embedder.embed(TEXTS)[2], embedder.embed([TEXTS[2]])[0])


def test_no_texts_give_no_rows() -> None:
    embedder = load_embedder()
    assert embedder.embed([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("written", ["服務外包企業", "服务外包企业　", "服 务外包企业".replace(" ", "")])
def test_spellings_of_one_thing_meet(written: str) -> None:
    assert _closeness(written, "服务外包企业") == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("小公司贷不到款怎么办", "引导银行加大对中小企业的信贷支持，降低融资成本", "加强农村公路养护，推进农产品流通"),
        ("大学生来实习有补助吗", "对吸纳高校毕业生就业见习的企业给予补贴", "加快海关通关便利化，缩短进口货物验放时间"),
        ("进口货物通关慢找谁", "优化海关监管流程，提高通关效率", "支持职业院校开展技能人才培养"),
    ],
)
def test_a_question_in_other_words_is_nearer_to_its_subject(question: str, near: str, far: str) -> None:
    assert _closeness(question, near) > _closeness(question, far) + 0.1


def test_the_bundled_model_needs_no_torch() -> None:
    program = (
        "import sys\n"
        "from index.embed import load_embedder\n"
        "print(len(load_embedder().embed(['人才培训'])), 'torch' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert printed == ["1", "False"]


def test_the_bundled_folder_is_readable_by_all_and_small() -> None:
    files = [path for path in BUNDLED.rglob("*") if path.is_file()]
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in files)
    assert sum(path.stat().st_size for path in files) < 30_000_000


def test_another_model_is_loaded_from_its_folder(tmp_path: Path) -> None:
    _write_tiny_model(tmp_path / "tiny")
    embedder = load_embedder(str(tmp_path / "tiny"))
    assert embedder.embed(["服务外包", "服务", "外包"]).tolist() == [
        pytest.approx([0.6, 0.8]),
        pytest.approx([1, 0]),
        pytest.approx([0, 1]),
    ]
    assert embedder.dimension == 2
    assert embedder.fingerprint != load_embedder().fingerprint


def test_the_fingerprint_follows_the_content_and_not_the_place(tmp_path: Path) -> None:
    _write_tiny_model(tmp_path / "one")
    (tmp_path / "one").rename(tmp_path / "two")
    before = load_embedder(str(tmp_path / "two")).fingerprint
    _write_tiny_model(tmp_path / "one")
    assert load_embedder(str(tmp_path / "one")).fingerprint == before
    _write_tiny_model(tmp_path / "one", third=9.0)
    assert load_embedder(str(tmp_path / "one")).fingerprint != before


def _write_tiny_model(folder: Path, *, third: float = 8.0) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models

    words = [("<unk>", 0.0), ("服务", -1.0), ("外包", -1.0)]
    weights = np.array([[0, 0], [6, 0], [0, third]], dtype=np.float32)
    module = StaticEmbedding(Tokenizer(models.Unigram(words, unk_id=0)), embedding_weights=weights)
    SentenceTransformer(modules=[module], device="cpu").save(str(folder))


@pytest.mark.parametrize("name", ["./models/bge", "/nowhere/bge", "~/nowhere/bge", "models\\bge", "a/b/c"])
def test_a_path_that_is_not_there_is_said_at_once(name: str) -> None:
    with pytest.raises(IndexingError, match="找不到嵌入模型文件夹"):
        load_embedder(name)


def test_a_folder_that_is_no_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(IndexingError, match="读不出来"):
        load_embedder(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "said"),
    [("nobody/no-such-model", "已设为离线"), ("bge", "已设为离线"), ("坏 名字", "不是有效的模型名称")],
)
def test_a_hub_name_that_is_not_cached_is_said_when_offline(
    name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(IndexingError, match=said):
        load_embedder(name)
