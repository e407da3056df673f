"""What is put back, what is only flagged, and what must never be touched."""

import hashlib
from dataclasses import replace

import pytest

from ingest.document import Certainty, RawText, Repair, Source
from ingest.parse import parse


def repairs(text: str) -> tuple[Repair, ...]:
    source = Source("x.txt", "txt", "utf-8", hashlib.sha256(text.encode()).hexdigest())
    return parse(RawText(text, source), document_id="x").repairs


def found(text: str, certainty: Certainty) -> list[tuple[str, str]]:
    return [(one.found, one.repaired) for one in repairs(text) if one.certainty is certainty]


PLAN = "茶业方案\n\n一、任务\n\n1.种茶。（责任单位：{0}）\n\n2.卖茶。（责任单位：市商务局、市财政局、市科技局）\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # recipients
        ("各区农业局,市直部门\n\n为种好茶,制定本方案。\n", [("市直部门", "市直部门:")]),
        ("各区农业局，各有关单位\n为种好茶，制定本方案。\n", [("各有关单位", "各有关单位：")]),
        # 文号
        ("根据《茶法》（茶发〔202012号）种茶。", [("〔202012号", "〔2020〕12号")]),
        ("根据《茶法》(茶发[20203号)种茶。", [("[20203号", "[2020]3号")]),
        ("根据《茶法》（茶发2020〕12号）种茶。", [("2020〕12号", "〔2020〕12号")]),
        # lists of units
        (PLAN.format("市商务局市财政局、市科技局"), [("市商务局市财政局", "市商务局、市财政局")]),
        (PLAN.format("市商务局市市场监管局"), [("市商务局市市场监管局", "市商务局、市市场监管局")]),
        # brackets
        ("一、任务\n\n1.种茶。（责任单位：市商务局\n\n2.卖茶。", [("市商务局", "市商务局）")]),
        ("一、任务\n\n1.种茶。(责任单位:市商务局、市财政局\n\n2.卖茶。", [("市财政局", "市财政局)")]),
        ("一、任务\n\n1.种茶。责任单位：市商务局）\n\n2.卖茶。", [("", "（")]),
        # dates
        ("为种好茶，现通知如下。\n\n市农业局\n\n202128", [("202128", "2021年2月8日")]),
        ("本办法自201711日起施行。", [("201711日", "2017年1月1日")]),
        ("本办法自2017年628日起施行。", [("2017年628日", "2017年6月28日")]),
        ("2022年0818日印发。", [("2022年0818日", "2022年08月18日")]),
        ("20176月起执行。", [("20176月", "2017年6月")]),
        ("自628日起受理。", [("628日", "6月28日")]),
    ],
)
def test_sure_repairs(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, Certainty.SURE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、目标\n\n2025年，产茶千吨。\n\n二、任务\n\n种茶。\n", [("2025年", "到2025年")]),
        ("为种好茶，现通知如下。\n\n市农业局\n\n2021111", [("2021111", "2021年1月11日或2021年11月1日")]),
        ("自2021111日起施行。", [("2021111日", "2021年1月11日或2021年11月1日")]),
        ("会议于628日在茶园召开。", [("628日", "6月28日")]),
        ("《茶业规划（20212025年）》", [("20212025年", "2021—2025年")]),
    ],
)
def test_what_is_only_likely_is_flagged_and_not_sure(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, Certainty.PROBABLE) == expected
    assert found(text, Certainty.SURE) == []


@pytest.mark.parametrize(
    "text",
    [
        "落实商务部和市委市政府决策部署。",
        PLAN.format("市市场监管局、市委市政府"),
        PLAN.format("市委宣传部、国家税务总局河北省税务局、省委组织部"),
        PLAN.format("各有关部门、单位和地方各级人民政府"),
        "根据《茶法》（茶发〔2020〕12号）、茶发〔2021〕3号文件种茶。",
        "产假158天，公示120日，自受理之日起180日内办结，共365日。",
        "电话12345678，邮编430000，编号20210208。\n",
        "每人5000元，2021年3月5日，2020年，2021年3月，1.5倍。",
        "一、任务\n\n1.种茶（含绿茶、红茶）。（责任单位：市商务局）\n\n2.卖茶。（牵头单位：市商务局。责任单位：市财政局）\n",
        "各区农业局：\n\n为种好茶，制定本方案。\n",
        "关于各区茶叶企业\n\n茶园在山上。\n",
        "一、目标\n\n2020年以来，产茶千吨。\n",
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repairs(text) == ()


def test_the_place_stays_as_it_was_read() -> None:
    text = "根据《茶法》（茶发〔202012号）种茶。"
    (repair,) = repairs(text)
    assert repair.span.of(text) == repair.found
    assert replace(repair, rule="") != repair and repair.rule == "补文号中的括号"


def test_a_bracket_behind_a_list_that_is_mended_too_is_put_behind_it() -> None:
    text = PLAN.format("市科技局") + "\n3.喝茶。（责任单位：市商务局市财政局\n"
    assert found(text, Certainty.SURE) == [("市商务局市财政局", "市商务局、市财政局"), ("", "）")]
