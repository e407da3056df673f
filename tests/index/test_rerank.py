"""A cross-encoder, named in the settings, reads the best passages again."""

from pathlib import Path

import numpy as np
import pytest

from assistant.ask import Assistant
from index.rerank import READ, CrossEncoder, pooled
from index.search import Index
from index.settings import Settings
from ingest.errors import IndexingError

QUESTION = "上云和服务器的事找谁"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of one small layer that reads characters; its weights are drawn by lot, so its opinions are its own."""
    import torch
    from sentence_transformers import CrossEncoder as Library
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(7)
    folder = tmp_path_factory.mktemp("reranker")
    characters = "".join(chr(code) for code in range(0x4E00, 0x9FA6))
    (folder / "vocab.txt").write_text("\n".join(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters)), "utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(characters) + 5,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        num_labels=1,
        initializer_range=0.5,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    assert Library(str(folder), device="cpu").num_labels == 1
    return folder


def test_the_order_changes_and_follows_the_model(seeds: Path, tiny: Path) -> None:
    with Index.open(seeds) as plain, Index.open(seeds, reranker=str(tiny)) as reread:
        before, after = plain.search(QUESTION, limit=20), reread.explain(QUESTION, limit=20)
    assert [hit.span for hit in before] != [hit.span for hit in after.hits]
    assert "rerank" in after.timings
    scores = [hit.score for hit in after.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_assistant_answers_from_the_new_order(seeds: Path, tiny: Path) -> None:
    with Index.open(seeds, reranker=str(tiny)) as index:
        assert Assistant(index).ask("第7项由谁负责").citations[0].task == 7


def test_a_number_is_not_talked_away(seeds: Path, tiny: Path) -> None:
    with Index.open(seeds, reranker=str(tiny)) as index:
        assert index.search("任务12")[0].task == 12


def test_two_views_that_agree_are_surer_than_the_weaker_and_the_unread_stay_below() -> None:
    score = np.array([0.6, 0.5, 0.4], np.float32)
    fresh = pooled(score, np.zeros(3), np.array([0, 1]), np.array([-4.0, 4.0], np.float32))
    assert fresh.argsort().tolist()[-1] == 1
    assert fresh[2] <= fresh[0] < score[0]


def test_nothing_is_read_again_but_the_best() -> None:
    assert READ == 30


def test_a_folder_that_is_not_there_is_said_in_one_sentence_before_any_question(seeds: Path) -> None:
    with pytest.raises(IndexingError, match=r"^找不到重排模型文件夹“/nowhere/model”，请检查路径，或留空以不用重排。$"):
        Index.open(seeds, reranker="/nowhere/model")


def test_a_folder_that_holds_no_model_is_said_at_the_first_question(seeds: Path, tmp_path: Path) -> None:
    with (
        Index.open(seeds, reranker=str(tmp_path)) as index,
        pytest.raises(IndexingError, match="读不出来，请换成完整的"),
    ):
        index.search(QUESTION)


def test_the_model_loads_only_when_it_is_used(tiny: Path) -> None:
    assert "_model" not in CrossEncoder(str(tiny)).__dict__


def test_the_environment_names_the_model() -> None:
    assert Settings.from_env({"POLICY_RERANK_MODEL": "models/reranker"}).reranker == "models/reranker"
    assert Settings.from_env({}).reranker is None
