"""Words and pairs: the same for text and question."""

import jieba
import numpy as np
import pytest

from index.block import pair_key, pair_keys
from index.segment import SEEDS, bigrams, cut, policy_words, sentences, words
from ingest.fold import fold_text


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("加快服務外包", "服务外包"),  # traditional characters
        ("ＩＴ外包", "it"),  # full width, capitals
        ("第十二项", "12"),  # a Chinese number is the Arabic one
        ("第12项", "12"),
        ("提高企业上云率", "上云率"),  # a word of official language
        ("专项资金管理办法", "资金"),  # the words inside a long word
    ],
)
def test_a_text_is_found_by_this_word(written: str, word: str) -> None:
    assert word in words(written)


def test_words_that_say_nothing_are_left_out() -> None:
    assert words("请问这个是由谁来做的呢") == ["做"] or "的" not in words("请问这个是由谁来做的呢")
    assert not {"的", "请问", "谁"} & set(words("请问这个是由谁来做的呢"))


def test_pairs_run_through_chinese_characters_only() -> None:
    assert bigrams("服务AB外包,税") == ["服务", "外包", "税"]


@pytest.mark.parametrize("text", ["支持5G技术,发展众包。", "税", "", "Ａ税收优惠B惠", "一\n二三"])
def test_the_index_holds_the_pairs_that_a_question_asks_for(text: str) -> None:
    assert sorted(pair_keys(fold_text(text)).tolist()) == sorted(pair_key(pair) for pair in bigrams(text))
    assert pair_keys("x").dtype == np.uint64


@pytest.mark.parametrize("text", ["一句。两句!三句", "他说:“走。”然后走了。", "无标点", "标题\n正文。\n"])
def test_sentences_cover_the_text(text: str) -> None:
    spans = sentences(text)
    assert "".join(text[start:end] for start, end in spans) == text


def test_a_closing_quote_stays_with_its_sentence() -> None:
    text = "他说:“走。”然后走了。"
    assert [text[start:end] for start, end in sentences(text)] == ["他说:“走。”", "然后走了。"]


@pytest.mark.parametrize(
    "name", ["wuhan-2021-service-outsourcing.txt", "catalog.toml", "synonyms.toml", "policy_words.txt"]
)
def test_a_text_is_cut_as_jieba_cuts_it(name: str) -> None:
    text = fold_text((SEEDS / name).read_text(encoding="utf-8"))
    theirs = jieba.Tokenizer()
    theirs.initialize()
    for word in policy_words():
        theirs.add_word(word)
    assert list(cut(text)) == list(theirs.cut(text, HMM=False))


@pytest.mark.parametrize(
    "text", ["", "\r\n", "a1b2c3税率 100%", "龘龘龘", "很" * 300, "x服务y外包z", "c++和.net的1.5倍"]
)
def test_odd_texts_are_cut_whole(text: str) -> None:
    assert "".join(cut(text)) == text
    assert [word for word in cut(text) if word.strip()] == [
        word for word in jieba.dt.cut(text, HMM=False) if word.strip()
    ]
