"""Outlines of texts written for the purpose: the label of every clause, in order."""

import hashlib

import pytest

from ingest.document import Document, Part, RawText, Source
from ingest.parse import parse


def read(text: str) -> Document:
    source = Source("x.txt", "txt", "utf-8", hashlib.sha256(text.encode()).hexdigest())
    return parse(RawText(text, source), document_id="x")


def labels(text: str) -> list[str]:
    return [clause.label for clause in read(text).clauses]


NOTICE = """关于开展茶园普查的通知

各区农业局，各有关单位：

为摸清茶园家底，现就有关事项通知如下。

一、普查范围

全市茶园。

二、工作安排

（一）准备阶段。印制表格。

（二）普查阶段。逐户登记，分三步：1.登记；2.复核；3.汇总。

三、有关要求

要加强领导。

市农业局

2021年3月5日
"""
LAW = """茶叶管理办法

第一章 总则

第一条 为规范茶叶管理，根据《茶叶条例》第三条规定，制定本办法。

第二条 下列茶叶适用本办法：

（一）绿茶；

（二）红茶。

第二章 附则

第三条 本办法自2021年5月1日起施行，有效期5年。
"""
RUNNING_ON = """茶业振兴方案

一、总体要求

（一）指导思想。以茶为本。

二、重点任务

（二）扩大茶园。新建茶园。（责任单位：市农业局）

（三）培育茶商。（责任单位：市商务局）

三、保障措施

（四）强化投入。（责任单位：市财政局）
"""
RESTARTING = """茶业振兴方案

一、重点任务

（一）扩大茶园。

1.新建茶园。（责任单位：市农业局）

2.改造老园。（责任单位：市农业局）

（二）培育茶商。

1.办茶博会。（责任单位：市商务局）

2.设茶市场。（责任单位：市商务局）

二、保障措施

（一）加强领导。

（二）强化投入。
"""
TOP_LEVEL = """支持茶业十条

一、减免租金。（责任单位：市国资委）

二、贷款贴息。（责任单位：市财政局）

三、办展补助。（责任单位：市商务局）
"""
COVER_AND_PLAN = """市政府办公室关于印发茶业方案的通知

各区人民政府：

《茶业方案》已经市政府同意，现印发给你们，请认真执行。

市政府办公室

2021年4月6日

茶业方案

为振兴茶业，制定本方案。

一、目标

到2025年产茶千吨。

二、任务

种好茶。
"""
ANNEXES = """关于报送茶园情况的通知

各区农业局：

请按要求报送材料。

一、报送内容

茶园面积。

二、报送时间

3月底前。

附件：1.报送要求
     2.填表说明

市农业局
2021年3月5日

附件1

报送要求

一、如实填写

二、按时报送

附件2

填表说明

一、单位写全称

二、面积写公顷
"""
TWO_PLANS = """茶叶种植办法

为种好茶，制定本办法。

一、选种

选好种。

二、育苗

育好苗。

茶叶销售办法

为卖好茶，制定本办法。

一、定价

定好价。

二、开店

开好店。
"""
ARTICLES_WITH_UNITS = """支持茶业若干措施

第一条 减免租金。（责任单位：市国资委）

第二条 贷款贴息。（责任单位：市财政局）
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NOTICE, "抬头 序言 一 二 二(一) 二(二) 三 落款"),
        (LAW, "抬头 第一章 第一条 第二条 第二条(一) 第二条(二) 第二章 第三条"),
        (RUNNING_ON, "抬头 一 任务1 二 任务2 任务3 三 任务4"),
        (RESTARTING, "抬头 一 一(一) 一(一)1 一(一)2 一(二) 一(二)1 一(二)2 二 二(一) 二(二)"),
        (TOP_LEVEL, "抬头 任务1 任务2 任务3"),
        (COVER_AND_PLAN, "抬头 通知 通知落款 标题 序言 一 二"),
        (ANNEXES, "抬头 序言 一 二 附件清单 落款 附件1 附件1一 附件1二 附件2 附件2一 附件2二"),
        (TWO_PLANS, "抬头 序言 一 二 附文 附文序言 附文一 附文二"),
        (ARTICLES_WITH_UNITS, "抬头 第一条 第二条"),
        ("茶园简介\n\n茶园在山上。\n\n山上有雾。\n", "抬头 第1段 第2段"),
        ("山上有雾，宜种茶。\n\n山下有水，宜种稻。\n", "第1段 第2段"),
        ("一、种茶\n\n种好茶。\n\n一、卖茶\n\n卖好茶。\n", "一 一·2"),
        (
            "茶业方案\n\n１．种茶。\n\n２．采茶。\n\n(1)手采。\n\n(2)机采。\n\n①春采。\n\n②秋采。\n",
            "抬头 1 2 2(1) 2(2) 2(2)① 2(2)②",
        ),
        ("", ""),
    ],
)
def test_outline(text: str, expected: str) -> None:
    assert labels(text) == expected.split()


@pytest.mark.parametrize("text", [NOTICE, LAW, RUNNING_ON, RESTARTING, COVER_AND_PLAN], ids=lambda text: text[:8])
def test_half_width_punctuation_changes_nothing(text: str) -> None:
    assert labels(text.translate(str.maketrans("（）：，", "():,"))) == labels(text)


@pytest.mark.parametrize("text", [RUNNING_ON, RESTARTING, LAW], ids=lambda text: text[:8])
def test_numbered_clauses_survive_the_loss_of_all_line_breaks(text: str) -> None:
    def numbered(source: str) -> list[str]:
        return [clause.label for clause in read(source).clauses if clause.part in (Part.SECTION, Part.TASK, Part.ITEM)]

    assert numbered("".join(text.split("\n"))) == numbered(text)


def test_restarting_numbers_are_no_tasks_and_running_ones_are() -> None:
    assert [clause.task for clause in read(RESTARTING).clauses if clause.task] == []
    assert [(clause.task, clause.section) for clause in read(RUNNING_ON).tasks()] == [
        (1, "一"),
        (2, "二"),
        (3, "二"),
        (4, "三"),
    ]
    assert [clause.task for clause in read(TOP_LEVEL).tasks()] == [1, 2, 3]
    assert [clause.task for clause in read(ARTICLES_WITH_UNITS).tasks()] == [1, 2]
    assert read(LAW).tasks() == []


def test_what_stands_below_a_task_is_cited_under_it() -> None:
    text = "茶业方案\n\n一、种茶\n\n1.选种。\n\n（1）挑种。\n\n（2）晒种。\n\n2.育苗。\n\n二、卖茶\n\n3.定价。\n\n4.开店。\n"
    clauses = {clause.label: clause for clause in read(text).clauses}
    assert list(clauses) == ["抬头", "一", "任务1", "任务1(1)", "任务1(2)", "任务2", "二", "任务3", "任务4"]
    assert clauses["任务1(2)"].section == "一1(2)"
    assert clauses["任务1(2)"].path == ("一、种茶", "1.选种")


def test_an_annex_prefixes_labels_and_path() -> None:
    clause = read(ANNEXES).clause("附件2一")
    assert clause is not None and clause.path == ("附件2",) and clause.title == "单位写全称"


def test_inline_enumerations_and_citations_are_no_clauses() -> None:
    text = (
        "茶业方案\n\n一、要求\n\n一是种茶。二是采茶。按照第（二）项和第三条规定，推进一、二、三产业融合，"
        "落实十九届二、三中全会精神，分为：（一）春茶；（二）秋茶。比上年增长1.5倍，见表1、图2。\n\n二、时间\n\n2021年。\n"
    )
    assert labels(text) == ["抬头", "一", "二"]


def test_closing_words_after_single_paragraph_items_are_a_clause_of_their_own() -> None:
    text = "茶业方案\n\n一、选种。\n\n二、育苗。\n\n三、采茶。\n\n四、制茶。" + "制" * 40 + "。\n\n各区要抓好落实。\n"
    assert labels(text)[-2:] == ["四", "结语"]


def test_a_responsibility_in_its_own_paragraph_closes_the_group() -> None:
    text = (
        "方案\n\n一、任务\n\n（一）种茶。\n\n1.选种。\n\n2.育苗。\n\n（责任单位：市农业局）\n\n"
        "（二）卖茶。\n\n1.定价。\n\n2.开店。\n\n（责任单位：市商务局）\n\n二、保障\n\n（一）投入。\n\n（二）宣传。\n"
    )
    document = read(text)
    assert [one.clause_id for one in document.responsibilities] == ["x#一(一)", "x#一(二)"]


def test_a_lost_text_keeps_its_frame() -> None:
    text = (
        "茶办〔2021〕3号各区人民政府：《茶业方案》已经同意，现印发给你们，请认真执行。市茶业办公室2021年4月6日（此件公开发布）"
        "茶业方案为振兴茶业，制定如下方案。一、总体要求（一）指导思想以茶为本，种好茶。（二）主要目标到2025年，产茶千吨。"
        "二、主要任务（三）种茶。扩大茶园。（责任单位：市农业局）（四）卖茶。培育茶商。（责任单位：市商务局）"
    )
    document = read(text)
    assert [clause.label for clause in document.clauses] == (
        ["抬头", "通知", "通知落款", "标题", "序言", "一", "任务1", "任务2", "二", "任务3", "任务4"]
    )
    assert (document.number, document.issued_on, document.title) == ("茶办〔2021〕3号", "2021-04-06", "茶业方案")
    assert [clause.title for clause in document.tasks()][:2] == ["指导思想", "主要目标"]


def test_measures_that_are_numbered_by_name_are_tasks() -> None:
    text = (
        "茶业十条\n\n措施一：扩大茶园。每亩补助百元。（市农业局、市财政局负责）\n\n措施二：培育茶商。任务三：不在段首，不算。"
        "（市商务局牵头，市农业局配合）\n\n措施三：引进茶师。\n\n（市人社局负责）\n"
    )
    document = read(text)
    assert [(clause.label, clause.task, clause.title) for clause in document.tasks()] == [
        ("任务1", 1, "扩大茶园"),
        ("任务2", 2, "培育茶商"),
        ("任务3", 3, "引进茶师"),
    ]
    assert [one.clause_id for one in document.responsibilities] == ["x#任务1", "x#任务2", "x#任务3"]


EMERGENCY = """云河市防汛应急预案

1 总则
1.1 编制目的
减少损失。
1.2 适用范围
本市范围。
2 组织体系
2.1 指挥部
2.1.1 组成
由分管副市长任指挥长，日降雨量达到
2.5 毫米时集中办公。
2.1.2 职责
（1）会商；
（2）调度。
3 附则
"""


def test_decimal_numbers_are_an_outline_and_figures_are_not() -> None:
    assert labels(EMERGENCY) == [
        "抬头",
        "1",
        "1.1",
        "1.2",
        "2",
        "2.1",
        "2.1.1",
        "2.1.2",
        "2.1.2(1)",
        "2.1.2(2)",
        "3",
    ]
    assert read(EMERGENCY).clauses[7].path == ("2组织体系", "2.1指挥部")


def test_decimals_below_other_numbers_are_cited_with_them() -> None:
    text = "云河市茶业规划\n\n一、目标\n1. 产量\n1.1 绿茶\n1.2 红茶\n2. 质量\n2.1 抽检\n2.2 追溯\n二、保障\n1. 资金\n"

    assert labels(text) == ["抬头", "一", "一1", "一1.1", "一1.2", "一2", "一2.1", "一2.2", "二", "二1"]


def test_a_label_behind_a_list_of_measures_belongs_to_what_the_list_stands_below() -> None:
    document = read("""云河市茶山整改清单

一、水土流失
整改目标：恢复植被。
整改措施：
1.封山育林。
2.补种茶树。
整改时限：2031年底
责任单位：市林业局、市农业局
二、滥用农药
整改措施：
1.加强抽检。
2.公开曝光。
责任单位：市农业局
""")

    assert [(one.clause_id, one.units[0].name) for one in document.responsibilities] == [
        ("x#一", "市林业局"),
        ("x#二", "市农业局"),
    ]


def test_a_table_pasted_as_records_has_a_clause_a_record() -> None:
    document = read("""云河市改革台账
序号：1
任务名称：推进一业一证
牵头单位：市审批局
责任单位：市场监管局、市卫健委
序号：2
任务名称：规范中介服务
牵头单位：市发改委
""")

    assert [(clause.label, clause.title) for clause in document.clauses[1:]] == [
        ("任务1", "推进一业一证"),
        ("任务2", "规范中介服务"),
    ]
    assert [one.clause_id for one in document.responsibilities] == ["x#任务1", "x#任务2"]
