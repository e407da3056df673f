"""Units are found however they are written, and ordinary words are not taken for units."""

from pathlib import Path

import pytest

from ingest.catalog import Mark
from ingest.directory import UnitDirectory, UnitRecord
from ingest.errors import IngestError

SEEDS = Path(__file__).parents[2] / "seeds"
DIRECTORY = UnitDirectory.load(SEEDS)


def named(text: str, directory: UnitDirectory = DIRECTORY) -> list[str]:
    return ["|".join(mention.names) for mention in directory.mentions(text)]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("市商务局有哪些任务", ["市商务局"]),
        ("经信局和人社局共同负责哪几项", ["市经信局", "市人社局"]),
        ("城建局呢", ["市城乡建设局"]),
        ("住建那边管什么", ["市城乡建设局"]),
        ("要不要找海关", ["武汉海关"]),
        ("人行管哪一条", ["人行武汉分行营管部"]),
        ("人民银行要做什么", ["人行武汉分行营管部"]),
        ("信保公司", ["中国出口信用保险公司湖北分公司"]),
        ("区政府要配合什么", ["各区政府"]),
        ("开发区呢", ["各区政府"]),
        ("各区政府的任务", ["各区政府"]),
        ("武昌区政府要做什么", ["各区政府"]),
        ("武汉市人力资源和社会保障局", ["市人社局"]),
        ("国家税务总局武汉市税务局", ["市税务局"]),
        ("发改和经信有没有交集", ["市发改委", "市经信局"]),
        ("财政部门出钱吗", ["市财政局"]),
        ("商务部门牵头吗", ["市商务局"]),
        ("市市场监管局和市场监管局", ["市市场监管局", "市市场监管局"]),
        ("市商务局市市场监管局", ["市商务局", "市市场监管局"]),
        ("工商局还管吗", ["市市场监管局"]),
    ],
)
def test_short_full_and_spoken_names_are_found(question: str, names: list[str]) -> None:
    assert named(question) == names


@pytest.mark.parametrize(
    ("today", "in_the_document"),
    [
        ("市科技创新局", "市科技局"),
        ("武汉市自然资源和城乡建设局", "市城乡建设局"),
        ("市住房和城市更新局", "市城乡建设局"),
        ("湖北金融监管局", "湖北银保监局"),
        ("金融监管局", "湖北银保监局"),
        ("市地方金融管理局", "市金融工作局"),
        ("地方金融管理局", "市金融工作局"),
        ("市委金融办", "市金融工作局"),
        ("中国人民银行湖北省分行", "人行武汉分行营管部"),
        ("市人才工作局", "市招才局"),
    ],
)
def test_todays_name_leads_to_the_name_in_the_document(today: str, in_the_document: str) -> None:
    assert named(today) == [in_the_document]


@pytest.mark.parametrize(
    "text",
    [
        "财政资金怎么申请",
        "教育和培训",
        "商务合作与公安工作",
        "服务外包企业上云",
        "过街人行天桥和人行道",
        "个人行为",
        "个人社保怎么交",
        "员工信息安全",
        "研发改进和开发改造",
        "城市监管",
        "完善海关监管模式",
        "形成科技局面",
        "财政部",
        "国家发改委",
        "国务院国资委",
        "省发改委",
        "省地方金融监管局",
        "宜昌市商务局",
        "上海海关",
        "青山区教育局",
        "各市人社局",
        "天河区人民政府",
        "地区政府",
        "高新技术产业开发区",
        "市民政局",
        "银保监会",
        "住房和城乡建设部门",
        "科技举措和教育举措",
        "建设具有特色的市场",
        "去政府办事",
        "采取政府股权投入",
        "各区域协调发展",
        "招才引智",
    ],
)
def test_ordinary_words_and_other_bodies_are_not_units(text: str) -> None:
    assert named(text) == []


def test_a_ministry_and_a_provincial_department_are_not_the_city_bureau() -> None:
    assert named("商务部和省商务厅") == ["商务部", "省商务厅"]


def test_traditional_and_full_width_writing_is_found_at_its_place_in_the_original() -> None:
    text = "請問　武漢市商務局，５Ｇ歸誰"
    (mention,) = DIRECTORY.mentions(text)
    assert (mention.written, mention.names, mention.exact) == ("武漢市商務局", ("市商务局",), True)
    assert mention.span.of(text) == mention.written


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("市经心局", "市经信局"),
        ("市卫建委", "市卫健委"),
        ("市招材局", "市招才局"),
        ("市巿场监管局", "市市场监管局"),
        ("市城健局", "市城乡建设局"),
        ("市金融工做局", "市金融工作局"),
        ("武汉海官", "武汉海关"),
        ("市财攻局", "市财政局"),
        ("shangwuju", "市商务局"),
        ("shi jing xin ju", "市经信局"),
    ],
)
def test_one_slip_or_pinyin_is_forgiven_and_said_to_be_inexact(typed: str, meant: str) -> None:
    mentions = DIRECTORY.mentions(f"{typed}负责什么")
    assert [(mention.written, mention.names, mention.exact) for mention in mentions] == [(typed, (meant,), False)]


def test_a_slip_that_fits_two_bodies_is_not_guessed() -> None:
    directory = UnitDirectory([UnitRecord("市水务局", "市水务局"), UnitRecord("市税务局", "市税务局")])
    assert named("市睡务局", directory) == []  # 睡 sounds like both 税 and 水


def test_a_form_that_several_bodies_share_yields_all_of_them() -> None:
    directory = DIRECTORY.extended(["省发展改革委"])
    assert named("发改委管什么", directory) == ["市发改委|省发展改革委"]
    assert named("省发改委管什么", directory) == ["省发展改革委"]
    assert named("市发改委管什么", directory) == ["市发改委"]


@pytest.mark.parametrize(
    ("in_the_document", "typed"),
    [
        ("市发展改革委", "发改委"),
        ("国家发展改革委", "国家发改委"),
        ("发展改革委", "发展和改革委员会"),
        ("省人力资源社会保障厅", "省人社厅"),
        ("省工业和信息化厅", "工信厅"),
        ("住房城乡建设部", "住建部"),
        ("市住房和城乡建设局", "市住建局"),
        ("市场监管总局", "市场监督管理总局"),
        ("省卫生健康委", "卫健委"),
        ("市医疗保障局", "医保局"),
        ("市生态环境局", "生态环境局"),
        ("市退役军人事务局", "退役军人局"),
        ("省文化和旅游厅", "省文旅厅"),
        ("市政府办公室", "市政府办"),
    ],
)
def test_names_seen_in_documents_get_aliases_by_general_rules(in_the_document: str, typed: str) -> None:
    assert named(f"{typed}负责什么", UnitDirectory().extended([in_the_document])) == [in_the_document]


def test_no_alias_is_derived_that_is_an_ordinary_word() -> None:
    directory = UnitDirectory().extended(["市政府", "市委", "省公司", "国家中心"])
    assert named("政府、党委、公司和中心", directory) == []


def test_the_place_before_a_short_form_picks_the_body_of_that_place() -> None:
    directory = UnitDirectory().extended(["襄阳市发展改革委", "宜昌市发展改革委", "市发展改革委"])
    assert named("襄阳发改委", directory) == ["襄阳市发展改革委|市发展改革委"]
    assert named("襄阳市发展改革委", directory) == ["襄阳市发展改革委"]


def test_words_that_name_no_body_are_not_mentions() -> None:
    directory = UnitDirectory().extended(["有关部门", "各有关单位", "各部门"])
    assert named("有关部门和各个部门、各有关单位", directory) == []
    record = directory.record("有关部门")
    assert record is not None
    assert record.collective


def test_a_right_name_in_the_wrong_place_is_not_taken_for_a_slip() -> None:
    directory = DIRECTORY.extended(["市水务局"])
    assert named("国家税务局和宜昌市经心局", directory) == []


def test_a_document_of_another_city_makes_its_bureau_known_there() -> None:
    directory = DIRECTORY.extended(["市商务局", "市工业和信息化局"], region="深圳市")
    assert named("深圳市商务局", directory) == ["市商务局"]
    assert named("深圳工信局", directory) == ["市工业和信息化局"]
    assert named("宜昌市商务局", directory) == []


def test_every_responsible_unit_of_the_seed_has_a_record() -> None:
    ours = [record for record in DIRECTORY.records if "wuhan-2021-service-outsourcing" in record.documents]
    assert len(ours) == 23
    assert [record.name for record in ours if record.collective] == ["各区政府"]


def test_successors_carry_date_source_and_mark() -> None:
    record = DIRECTORY.record("湖北银保监局")
    assert record is not None
    (successor,) = record.successors
    assert (successor.short, successor.on, successor.mark) == ("湖北金融监管局", "2023-07-20", Mark.TWO_SOURCES)
    likely = DIRECTORY.record("市招才局")
    assert likely is not None
    assert likely.successors[0].mark is Mark.LIKELY


def test_an_unknown_name_has_no_record() -> None:
    assert DIRECTORY.record("市民政局") is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('[[unit]]\nname = "市民政局"\nmark = "L"', "“市民政局”有误：字段 full_name 缺失"),
        ('[[unit]]\nname = "甲"\nfull_name = "甲"\nmark = "X"', "“甲”有误"),
        ('[[unit]]\nname = "甲"\nfull_name = "甲"\nmark = "L"\naliases = "乙"', "字段 aliases 应为文字列表"),
        ("[[unit", "写法有误"),
    ],
)
def test_a_fault_in_the_file_is_one_sentence_that_names_unit_and_field(tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "units.toml").write_text(row, encoding="utf-8")
    with pytest.raises(IngestError, match=said):
        UnitDirectory.load(tmp_path)


def test_a_missing_file_says_where_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="找不到单位名录"):
        UnitDirectory.load(tmp_path)


def test_units_are_found_among_two_thousand_names() -> None:
    works = [
        "商务",
        "教育",
        "财政",
        "司法",
        "发展改革",
        "工业和信息化",
        "人力资源社会保障",
        "卫生健康",
        "市场监管",
        "住房城乡建设",
    ]
    names = [f"市{work}局{place}分局" for work in works for place in range(190)] + [f"省{work}厅" for work in works]
    directory = DIRECTORY.extended(names)
    question = "园区里做实验的进口材料怎么核销，市商务局和市科技局是不是都要签字，还是只要海关同意就可以了呢"
    found = [mention.names[0] for mention in directory.mentions(question)]
    assert found == ["市商务局", "市科技局", "武汉海关"]
