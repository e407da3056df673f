"""Splitting lists into names, with hypothesis for the combinations nobody thinks of. All names here are ordinary office names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Role
from ingest.units import find_responsibilities, split_names


def names_in(text: str) -> list[str]:
    return [span.of(text) for span in split_names(text, 0, len(text))]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("市水务局市市场监管局", ["市水务局", "市市场监管局"]),
        ("省发展改革委省水利厅省林草局", ["省发展改革委", "省水利厅", "省林草局"]),
        ("区政府集体资产监管办区城乡建设委", ["区政府集体资产监管办", "区城乡建设委"]),
        ("市水务局各区政府", ["市水务局", "各区政府"]),
        ("市水务局人行云河中心支行", ["市水务局", "人行云河中心支行"]),
        ("市财政局云河海关", ["市财政局", "云河海关"]),
        ("市委组织部市人社局团市委", ["市委组织部", "市人社局", "团市委"]),
        ("国家发展改革委财政部", ["国家发展改革委", "财政部"]),
        ("市总工会市妇联、市残联", ["市总工会", "市妇联", "市残联"]),
        # one name, however often it seems to begin again
        ("市委市政府", ["市委市政府"]),
        ("县委县政府督查室", ["县委县政府督查室"]),
        ("市市场监管局", ["市市场监管局"]),
        ("市市政工程管理处", ["市市政工程管理处"]),
        ("国家税务总局云河市税务局", ["国家税务总局云河市税务局"]),
        ("中国人民银行云河市分行", ["中国人民银行云河市分行"]),
        ("市公安局交警支队", ["市公安局交警支队"]),
        ("市住房和城乡建设局", ["市住房和城乡建设局"]),
        ("省政府有关部门", ["省政府有关部门"]),
        # not sure of every part: nothing
        ("市水务局推进河道疏浚", []),
        ("加快建设", []),
        ("", []),
    ],
)
def test_run_together_names_come_apart_only_where_every_part_is_a_unit(written: str, names: list[str]) -> None:
    assert names_in(written) == names


FUNCTIONS = [
    "水务",
    "财政",
    "文化和旅游",
    "住房和城乡建设",
    "市场监管",
    "卫生健康",
    "自然资源和规划",
    "教育",
    "政务服务和大数据",
]
OFFICES = [f"市{function}局" for function in FUNCTIONS] + [
    "市发展改革委",
    "市国资委",
    "市委网信办",
    "市总工会",
    "团市委",
    "市残联",
]
COLLECTIVES = ["各区政府", "各县（市、区）人民政府", "市有关部门", "各街道办事处"]
BRANCHES = ["云河海关", "人行云河中心支行", "国网云河供电公司", "云河银保监分局", "滨海新区管委会"]

units = st.lists(st.sampled_from(OFFICES + COLLECTIVES + BRANCHES), min_size=2, max_size=8, unique=True)
separators = st.sampled_from(["、", "，", "；", ",", ";", "、 ", "\n、"])
brackets = st.sampled_from(["（）", "()", "[]", "〔〕", "【】", "（)", "("])
tails = st.sampled_from(["", "等", "等部门", "按职责分工负责", "等单位按照职责分工落实"])


@settings(deadline=None)
@given(units, st.lists(separators, min_size=8, max_size=8), brackets, tails)
def test_any_list_in_any_brackets_is_read_exactly(
    listed: list[str], between: list[str], around: str, tail: str
) -> None:
    body = listed[0] + "".join(separator + unit for separator, unit in zip(between, listed[1:], strict=False))
    clause = f"{around[0]}责任单位：{body}{tail}{around[1:]}"
    text = f"1.疏浚河道。改善水质。{clause}\n\n2.植树造林。\n"

    [found] = find_responsibilities(text)

    assert [unit.name for unit in found.units] == listed
    assert found.span.of(text) == clause


@settings(deadline=None)
@given(st.lists(st.sampled_from(OFFICES), min_size=2, max_size=6, unique=True))
def test_names_with_no_separator_at_all_are_told_apart(listed: list[str]) -> None:
    assert names_in("".join(listed)) == listed


@settings(deadline=None)
@given(units, st.data())
def test_leaders_and_helpers_keep_their_roles(listed: list[str], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(listed) - 1))
    text = f"疏浚河道。（{'、'.join(listed[:cut])}牵头，{'、'.join(listed[cut:])}配合）\n"

    [found] = find_responsibilities(text)

    assert [unit.name for unit in found.units if unit.role is Role.LEAD] == listed[:cut]
    assert [unit.name for unit in found.units if unit.role is Role.COOPERATING] == listed[cut:]


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="市水务局、，（）(责任单位：牵头负责等 \n。各和会同1.", max_size=120))
def test_whatever_the_text_spans_lie_inside_and_never_overlap(text: str) -> None:
    end = 0
    for found in find_responsibilities(text):
        assert end <= found.span.start < found.span.end <= len(text)
        end = found.span.end
        for unit in found.units:
            assert unit.name and unit.span and unit.span.of(text).strip()


@pytest.mark.parametrize(
    "hostile",
    [
        "（" * 50_000,
        "（责任单位：" * 5_000,
        "责任单位：（含" * 5_000,
        "市水务局、" * 50_000,
        "（责任单位：" + "工业信息" * 5_000,
        "以下均" * 30_000,
    ],
)
def test_hostile_text_is_read_to_its_end(hostile: str) -> None:
    found = find_responsibilities(hostile)
    assert all(0 <= each.span.start <= each.span.end <= len(hostile) for each in found)
