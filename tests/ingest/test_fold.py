"""Folding makes spellings comparable and never loses where a character came from."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Span
from ingest.fold import chinese_number, fold, fold_text, letters

SEED = Path(__file__).parents[2] / "seeds" / "wuhan-2021-service-outsourcing.txt"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("武漢市商務局", "武汉市商务局"),
        ("ＩＴ外包（２０２５年）", "it外包(2025年)"),
        ("商服贸发[2020]12号", "商服贸发〔2020〕12号"),
        ("鄂商务发【2020】19号", "鄂商务发〔2020〕19号"),
        ("国发﹝2014﹞67号", "国发〔2014〕67号"),
        ("国办函（2013）33号", "国办函〔2013〕33号"),
        ("规划(2021)已印发", "规划(2021)已印发"),
        ("附件[1]", "附件[1]"),
        ("市　 \n商务局", "市 商务局"),
        ("著名的乾隆", "著名的乾隆"),
        ("關於徵求意見", "关于征求意见"),
        ("上\u200b云率", "上云率"),
    ],
)
def test_spellings_of_the_same_words_fold_alike(written: str, folded: str) -> None:
    assert fold_text(written) == folded


def test_a_match_in_folded_text_leads_back_to_the_original() -> None:
    text = "请问  武漢市商務局（㈠）"
    folded = fold(text)
    start = folded.text.index("武汉市商务局")
    assert folded.original(start, start + 6).of(text) == "武漢市商務局"
    bracket = folded.text.index("(一)")
    assert folded.original(bracket, bracket + 3).of(text) == "㈠"


def test_an_empty_stretch_is_an_empty_span() -> None:
    assert fold("商务").original(1, 1) == Span(1, 1)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_folds_the_same_with_and_without_offsets(text: str) -> None:
    folded = fold(text)
    assert folded.text == fold_text(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert list(folded.offsets) == sorted(folded.offsets)
    assert folded.offsets[-1] == len(text)


@given(st.text(max_size=60))
def test_letters_are_what_is_no_mark_of_the_folded_text(text: str) -> None:
    assert letters(text) == re.sub(r"\W", "", fold_text(text))


@given(st.text(alphabet="市商務局 〔[2020]12号（）ＡB　㈠", max_size=40))
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("十二", 12),
        ("十", 10),
        ("二十", 20),
        ("廿", 20),
        ("廿三", 23),
        ("卅", 30),
        ("一百零五", 105),
        ("一百二", 120),
        ("两千五百", 2500),
        ("三万五千", 35000),
        ("壹佰贰拾", 120),
        ("二〇二一", 2021),
        ("１５", 15),
        ("零", 0),
    ],
)
def test_chinese_numbers_are_read(written: str, value: int) -> None:
    assert chinese_number(written) == value


@pytest.mark.parametrize("written", ["", "第三", "商务局", "三四十", "3a", "二月"])
def test_what_is_not_a_number_is_none(written: str) -> None:
    assert chinese_number(written) is None


def test_importing_fold_reads_no_tables() -> None:
    loaded = "import ingest.fold, sys; print('opencc' in sys.modules, ingest.fold._table.cache_info().currsize)"
    shown = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=SEED.parents[1]
    )
    assert shown.stdout.split() == ["False", "0"]
