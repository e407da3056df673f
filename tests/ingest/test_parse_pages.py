"""Texts as web pages hand them out: with page data around the title, numbered notices, joint issuers. All invented."""

import pytest

from ingest.document import Document, RawText, Source
from ingest.parse import parse


def read(text: str) -> Document:
    return parse(RawText(text, Source("page.txt", "txt", "utf-8", "0" * 64)))


PLAN = (
    "为改善水环境，制定本方案。\n一、主要任务\n1.疏浚河道。（责任单位：市水务局）\n2.植树造林。（责任单位：市园林局）\n"
)
NOTICE = """云河市人民政府办公室关于印发云河市水环境治理方案的通知
云政办〔2031〕7号
各区人民政府：
《云河市水环境治理方案》已经市政府同意，现印发给你们。
一、高度重视，加强领导。各单位要明确专人负责。
二、严格考核，确保实效。按季度通报进展。
云河市人民政府办公室
2031年4月6日
云河市水环境治理方案
"""


def test_the_plan_has_the_numbers_although_the_notice_that_carries_it_is_numbered_too() -> None:
    document = read(NOTICE + PLAN)

    labels = [clause.label for clause in document.clauses]
    assert labels == ["抬头", "通知", "通知一", "通知二", "通知落款", "标题", "序言", "一", "任务1", "任务2"]
    assert document.title == "云河市人民政府办公室关于印发云河市水环境治理方案的通知"


def test_a_numbered_notice_without_a_title_takes_that_of_its_plan() -> None:
    document = read(NOTICE.split("\n", 1)[1] + PLAN)

    assert document.title == "云河市水环境治理方案"
    assert (document.number, document.issuer) == ("云政办〔2031〕7号", "云河市人民政府办公室")


def test_an_annex_with_numbers_does_not_take_them_from_its_notice() -> None:
    document = read(NOTICE.replace("\n云河市水环境治理方案\n", "\n附件1\n治理清单\n") + PLAN)

    assert [clause.label for clause in document.clauses][2:4] == ["一", "二"]


@pytest.mark.parametrize(
    ("head", "title", "number"),
    [
        ("【有效】云河市水环境治理办法\n", "云河市水环境治理办法", None),
        (
            "云河市人民政府关于印发云河市水环境治理方案（2031—2033年）的通知\n",
            "云河市人民政府关于印发云河市水环境治理方案（2031—2033年）的通知",
            None,
        ),
        ("云河市人民政府文件\n云政发〔2031〕2号\n云河市水环境治理办法\n", "云河市水环境治理办法", "云政发〔2031〕2号"),
        (
            "云河市政府关于印发《治水办法》的通知\n\n云政发〔2031〕2号云河市政府关于印发治水办法的通知\n",
            "云河市政府关于印发《治水办法》的通知",
            "云政发〔2031〕2号",
        ),
        (
            "首页\n>> 专题 >> 归档专题\n市政府工作报告重点工作责任分解（2031年）\n",
            "市政府工作报告重点工作责任分解（2031年）",
            None,
        ),
        (
            "- 索 引 号: YH-1\n- 文 号: 云政办〔2031〕7号\n\n云河市水环境治理办法\n",
            "云河市水环境治理办法",
            "云政办〔2031〕7号",
        ),
    ],
)
def test_what_the_page_prints_around_the_title_is_no_part_of_it(head: str, title: str, number: str | None) -> None:
    document = read(head + "各区人民政府：\n" + PLAN)

    assert (document.title, document.number) == (title, number)
    assert document.addressees == ("各区人民政府",)


def test_the_line_under_the_title_does_not_hide_the_addressees() -> None:
    document = read("云河市水环境治理办法\n发布日期：2031-04-06 浏览次数：12\n各区人民政府：\n" + PLAN)

    assert document.addressees == ("各区人民政府",)


@pytest.mark.parametrize(
    ("written", "addressees"),
    [
        (
            "各省、自治区、直辖市人民政府，国务院各部委、各直属机构",
            "各省、自治区、直辖市人民政府 国务院各部委 各直属机构",
        ),
        ("各县、区人民政府，市政府各委、办、局，驻市各单位", "各县、区人民政府 市政府各委、办、局 驻市各单位"),
        ("各区政府 （管委会），市直部门", "各区政府（管委会） 市直部门"),
        ("云河经济开发区，各街道办事处", "云河经济开发区 各街道办事处"),
    ],
)
def test_addressees_are_split_like_any_list_of_bodies(written: str, addressees: str) -> None:
    assert " ".join(read(f"云河市水环境治理办法\n{written}：\n{PLAN}").addressees) == addressees


@pytest.mark.parametrize(
    ("title", "issuer", "place"),
    [
        ("中共杭州市委杭州市人民政府关于治水的意见", "中共杭州市委、杭州市人民政府", ("市", "杭州市")),
        ("云河市水务局中共云河市委社会工作部关于治水的意见", "云河市水务局、中共云河市委社会工作部", ("市", "云河市")),
        ("白云区人民政府关于治水的意见", "白云区人民政府", ("区", "白云区")),
    ],
)
def test_the_title_names_every_issuer(title: str, issuer: str, place: tuple[str, str]) -> None:
    document = read(f"{title}\n各街道：\n{PLAN}")

    assert (document.issuer, (document.level, document.region)) == (issuer, place)


def test_a_task_whose_points_name_the_units_is_not_reported_as_without_any() -> None:
    document = read(
        "云河市治水方案\n一、任务\n（一）治水。\n1.疏浚。（责任单位：市水务局）\n2.清淤。（责任单位：市水务局）\n"
        "二、保障\n（二）植树。\n1.育苗。（责任单位：市园林局）\n（三）宣传。\n1.讲解。\n"
    )

    assert (document.audit.tasks, document.audit.tasks_with_units) == (3, 2)
    assert document.audit.warnings == ("1项任务没有写明责任单位：任务3",)


def test_a_clause_under_the_page_data_is_no_page_footer() -> None:
    document = read("云河市治水方案\n信息来源：市政府\n\n一、任务\n\n1.疏浚。\n\n责任单位：市水务局\n\n2.植树。\n")

    assert [unit.name for one in document.responsibilities for unit in one.units] == ["市水务局"]
