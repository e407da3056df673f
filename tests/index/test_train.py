"""Training in small: what pairs are made, what is held out, and that a model comes out the same twice and has learnt."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from index.embed import StaticEmbedder
from index.train import is_held_out, main
from index.train_data import Pair, document_pairs, pairs_of, passages
from index.train_negatives import bm25, look_alikes
from index.train_typos import misspeller
from index.train_vocabulary import learn_vocabulary

CLAUSES = {
    "银行要给小企业放贷款": "加大信贷支持,引导金融机构降低融资成本。",
    "出口货物怎么买保险": "发挥出口信用保险作用,扩大承保规模和覆盖面。",
    "请外国专家要办什么": "引进境外高层次人才,为其提供签证和居留便利。",
    "学校和工厂一起教学生": "支持院校与企业共建实训基地,联合培养人才。",
}


def _reading_file(folder: Path) -> Path:
    """One hundred passages; each kind of question asks for the text that shares no character with it."""
    rows = [(question, f"{text}第{number}批。") for number in range(25) for question, text in CLAUSES.items()]
    content = {
        "passages": [text for _, text in rows],
        "questions": [{"question": row[0], "answer": row[1][:4], "passage": at} for at, row in enumerate(rows)],
    }
    (folder / "pairs.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return folder / "pairs.json"


def _trained(folder: Path) -> Path:
    source = f"questions={_reading_file(folder)}"
    settings = ["--words", "500", "--dimension", "16", "--epochs", "30", "--learning-rate", "0.01", "--threads", "1"]
    assert main(["--out", str(folder / "model"), "--pairs", source, *settings]) == 0
    return folder / "model"


def test_training_brings_questions_to_clauses_without_a_word_in_common(tmp_path: Path) -> None:
    embedder = StaticEmbedder(_trained(tmp_path))
    scores = embedder.embed(list(CLAUSES)) @ embedder.embed(list(CLAUSES.values())).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_the_same_data_and_seed_give_the_same_model(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert (
        StaticEmbedder(_trained(tmp_path / "one")).fingerprint == StaticEmbedder(_trained(tmp_path / "two")).fingerprint
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nonsense=a.json", "写法不对"),
        ("questions", "写法不对"),
        ("questions=nowhere.json", "读不出来"),
        ("questions=pyproject.toml", "读不出来"),
        ("items=.", "读不出来"),
    ],
)
def test_training_data_that_cannot_be_used_is_said_in_one_sentence(
    source: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--out", str(tmp_path), "--pairs", source]) == 1
    printed = capsys.readouterr().err
    assert said in printed
    assert printed.count("\n") == 1


def test_passages_are_whole_sentences_of_about_300_characters() -> None:
    text = "各区要落实本项任务的责任。" * 60
    pieces = passages(text)
    assert "".join(pieces) == text
    assert {len(piece) for piece in pieces[:-1]} == {299}


def test_an_official_text_pairs_headings_with_bodies_and_sentences_with_their_place() -> None:
    body = "鼓励银行为企业提供低息贷款,降低综合融资成本。支持担保机构扩大业务规模,服务中小企业。"
    pairs = list(document_pairs("某市意见", f"一、总体要求\n\n（一）加强信贷支持。{body}", random.Random(0)))
    assert ("加强信贷支持", body) in {(pair.query, pair.passage) for pair in pairs if pair.kind == "heading"}
    assert all(pair.query not in pair.passage for pair in pairs if pair.kind == "sentence")
    assert {pair.kind for pair in pairs} >= {"heading", "sentence"}


def test_similar_questions_go_with_their_clause_and_with_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "similar_questions"
    folder.mkdir()
    (tmp_path / "words.txt").write_text("服务外包\n", encoding="utf-8")
    text = "某市关于支持外贸的意见\n\n一、工作任务\n\n1.扩大出口。支持企业参加展会。（责任单位：市商务局）\n\n2.便利通关。压缩通关时间。（责任单位：某海关）\n"
    (tmp_path / "opinion.txt").write_text(text, encoding="utf-8")
    rows = [
        {"document": "opinion", "labels": ["任务2"], "question": asked}
        for asked in ("报关太慢找谁", "货压在港口怎么办")
    ]
    (folder / "a.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    pairs = pairs_of("similar", folder)
    assert [(pair.query, "压缩通关时间" in pair.passage) for pair in pairs if pair.kind == "similar"] == [
        ("报关太慢找谁", True),
        ("货压在港口怎么办", True),
    ]
    assert {(pair.query, pair.passage) for pair in pairs if pair.kind == "alike"} == {
        ("报关太慢找谁", "货压在港口怎么办"),
        ("货压在港口怎么办", "报关太慢找谁"),
    }


def test_what_is_held_out_is_a_tenth_and_hangs_together() -> None:
    held = [group for group in map(str, range(2000)) if is_held_out(Pair("问", "答", "question", group))]
    assert 150 < len(held) < 250
    assert all(is_held_out(Pair("另一问", "另一答", "heading", group)) for group in held)


def test_a_slip_changes_one_place_and_mostly_keeps_the_sound() -> None:
    from pypinyin import lazy_pinyin

    misspell = misspeller(random.Random(1))
    slips = [misspell("服务外包企业") for _ in range(200)]
    assert all(slip != "服务外包企业" and abs(len(slip) - 6) <= 1 for slip in slips)
    assert 100 < sum(lazy_pinyin(slip) == lazy_pinyin("服务外包企业") for slip in slips) < 180


def test_bm25_agrees_with_its_definition() -> None:
    counts = sparse.csr_matrix(np.array([[2, 1, 0], [0, 1, 3], [0, 1, 1]], dtype=np.float32))
    damping = 1.2 * (1 - 0.75 + 0.75 * 3 / 3)
    expected = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5)) * 2 * 2.2 / (2 + damping)
    assert bm25(counts, skipped_share=1.0)[0, 0] == pytest.approx(expected)


def test_look_alikes_share_words_and_are_of_another_group() -> None:
    pairs = [
        Pair("贷款利率", "贷款利率由银行确定", "question", "a"),
        Pair("企业贷款", "企业申请贷款的条件", "question", "b"),
        Pair("通关时间", "海关压缩通关时间", "question", "c"),
    ]
    texts = [text for pair in pairs for text in (pair.query, pair.passage)]
    found = look_alikes(pairs, learn_vocabulary(texts, size=200, at_least=1), kinds={"question"})
    assert [[row for row in rows if row >= 0] for rows in found.tolist()] == [[1], [0], []]


def test_a_word_is_made_of_its_parts_and_unknown_characters_are_one_token() -> None:
    texts = ["服务外包企业支持服务外包", "服务企业外包业务"] * 3
    vocabulary = learn_vocabulary(texts, size=100)
    row = vocabulary.words.index("服务外包")
    parts = {vocabulary.words[column]: weight for column, weight in zip(*_row(vocabulary.parts, row), strict=True)}
    assert parts == pytest.approx({"服务外包": 1, "服务": 0.6, "外包": 0.6, "服": 0.3, "务": 0.3, "外": 0.3, "包": 0.3})
    assert (
        vocabulary.tokenizer.encode("饕餮、服务外包").tokens == ["<unk>", "服务外包"] or vocabulary.words[0] == "<unk>"
    )


def _row(matrix: sparse.csr_matrix, at: int) -> tuple[list[int], list[float]]:
    row = matrix[at]
    return row.indices.tolist(), row.data.tolist()
