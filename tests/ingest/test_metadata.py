"""Title, number, issuer, dates, level, region and validity: what the text says, and nothing it does not."""

import hashlib

import pytest

from ingest.citation import official_number, references
from ingest.dates import iso_date, possible_dates
from ingest.document import Document, RawText, Source, Status
from ingest.parse import parse
from ingest.regions import place_of


def read(text: str) -> Document:
    source = Source("x.txt", "txt", "utf-8", hashlib.sha256(text.encode()).hexdigest())
    return parse(RawText(text, source), document_id="x")


BODY = "\n为种好茶，现通知如下。\n一、种茶\n种好茶。\n二、采茶\n采好茶。\n"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("关于种茶的通知\n", "关于种茶的通知"),
        ("河北省人民政府\n关于种茶的意见\n", "河北省人民政府关于种茶的意见"),
        (
            "　　河北省人民政府办公厅　　关于印发《茶业方案》　　的通知　　",
            "河北省人民政府办公厅关于印发《茶业方案》的通知",
        ),
        ("市政府办公室印发关于种茶若干措施的通知各区政府：", "市政府办公室印发关于种茶若干措施的通知"),
        ("茶业发展规划（2021—2025年）\n", "茶业发展规划（2021—2025年）"),
        ("关于种茶的通知 关于种茶的通知 茶发〔2021〕3号 各区政府：", "关于种茶的通知"),
        ("【法规编号】 1\n原文链接：https://example.org/1\n关于种茶的通知\n", "关于种茶的通知"),
        ("国务院关于茶叶科技计划\n（专项、基金等）管理的意见\n", "国务院关于茶叶科技计划（专项、基金等）管理的意见"),
        (
            "茶山省人民政府 政策文件 茶山省人民政府办公厅关于种茶的通知 茶发〔2021〕3号 各区政府：",
            "茶山省人民政府办公厅关于种茶的通知",
        ),
        ("茶山市政府办公室文件\n茶政办〔2031〕3号\n★\n关于种茶的通知\n", "关于种茶的通知"),
        ("CS-2031-0400\n茶山市农业局关于种茶的通知\n", "茶山市农业局关于种茶的通知"),
        ("2031 年种茶工作要点\n", "2031年种茶工作要点"),
        ("各区政府：\n", ""),
        ("", ""),
    ],
)
def test_title_is_what_is_written_or_else_the_name_of_the_file(head: str, title: str) -> None:
    document = read(head + BODY)
    assert (document.title, document.title_derived) == ((title, False) if title else ("x", True))


@pytest.mark.parametrize(
    "again",
    ["关于种茶的通知", "关于种\n茶的\n通知", "茶发〔2021〕3号\n关于种茶\n的通知"],
)
def test_a_title_printed_again_hides_nothing_behind_it(again: str) -> None:
    document = read(f"关于种茶的通知\n{again}\n各区政府：" + BODY)
    assert (document.title, document.addressees) == ("关于种茶的通知", ("各区政府",))


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("关于种茶的通知\n茶发〔2021〕3号\n", "茶发〔2021〕3号"),
        ("关于种茶的通知\n（茶政办发[2021]13号）\n", "茶政办发〔2021〕13号"),
        ("茶发〔2021〕3号\n关于种茶的通知\n", "茶发〔2021〕3号"),
        ("茶叶条例\n国务院令第364号\n", "国务院令第364号"),
        ("关于种茶的通知\n茶发〔20213号\n", "茶发〔2021〕3号"),
        ("关于贯彻《茶法》（茶发〔2020〕1号）的通知\n", None),
        ("关于种茶的通知\n", None),
    ],
)
def test_own_number_is_not_a_cited_one(head: str, number: str | None) -> None:
    assert read(head + BODY).number == number


@pytest.mark.parametrize(
    ("tail", "issuer", "issued_on"),
    [
        ("市农业局\n2021年3月5日\n", "市农业局", "2021-03-05"),
        ("　　河北省农业厅　　河北省商务厅　　2021年3月5日", "河北省农业厅、河北省商务厅", "2021-03-05"),
        ("国务院办公厅\n一九九六年六月二十九日\n", "国务院办公厅", "1996-06-29"),
        ("二○一○年十二月二日\n", None, "2010-12-02"),
        ("市农业局\n2021年3月5日\n（此件公开发布）\n", "市农业局", "2021-03-05"),
        ("市农业局\n2021年3月5日\n— 2 —\n", "市农业局", "2021-03-05"),
        ("市农业局\n\n202135\n", "市农业局", "2021-03-05"),
        ("市茶叶防霜冻工作\n领导小组办公室\n2021年3月5日\n", "市茶叶防霜冻工作领导小组办公室", "2021-03-05"),
        ("联系电话：12345678市农业局2021年3月5日", "市农业局", "2021-03-05"),
        ("", None, None),
    ],
)
def test_issuer_and_date_come_from_the_sign_off(tail: str, issuer: str | None, issued_on: str | None) -> None:
    document = read("各区政府：\n" + BODY + tail)
    assert (document.issuer, document.issued_on) == (issuer, issued_on)


@pytest.mark.parametrize("date", ["（2031年5月18日）", "(2031年5月18日云河市人大常委会第三次会议通过)"])
def test_without_a_sign_off_the_line_under_the_title_gives_the_date(date: str) -> None:
    assert read(f"云河市茶叶管理办法\n{date}\n" + BODY).issued_on == "2031-05-18"


@pytest.mark.parametrize("written", ["2031-05-18", "2031年5月18日", "2031/5/18"])
def test_without_either_the_table_above_the_page_gives_the_date(written: str) -> None:
    assert read(f"发文单位：云河市\n发文日期：{written}\n云河市关于茶叶的通知\n" + BODY).issued_on == "2031-05-18"


def test_without_a_sign_off_the_title_names_the_issuer() -> None:
    document = read("南通市人民政府关于种茶的意见\n" + BODY)
    assert (document.issuer, document.level, document.region) == ("南通市人民政府", "市", "南通市")


@pytest.mark.parametrize(
    ("issuer", "title", "number", "place"),
    [
        ("国务院办公厅", "", "", ("国家", "全国")),
        ("中共河北省委办公厅", "", "", ("省", "河北省")),
        ("北京市人民政府", "", "", ("省", "北京市")),
        ("北京市石景山区人民政府", "", "", ("区", "北京市石景山区")),
        ("武汉市服务贸易发展工作领导小组", "", "", ("市", "武汉市")),
        ("湖北省武汉市人民政府", "", "", ("市", "武汉市")),
        ("国家税务总局辽宁省税务局", "", "", ("省", "辽宁省")),
        ("市农业局", "", "", ("市", None)),
        ("", "关于种茶的通知", "冀政办字〔2021〕1号", ("省", "河北省")),
        ("", "关于种茶的通知", "宁政发〔2021〕1号", (None, None)),
        ("", "致全体市民的一封信", "", (None, None)),
        ("", "", "", (None, None)),
    ],
)
def test_level_and_region(issuer: str, title: str, number: str, place: tuple[str | None, str | None]) -> None:
    assert place_of(issuer, title, number) == place


@pytest.mark.parametrize(
    ("sentence", "effective_on", "expires_on"),
    [
        ("本办法自2021年5月1日起施行，有效期5年。", "2021-05-01", "2026-04-30"),
        ("本措施自2024年1月1日起实施，有效期至2026年12月31日。", "2024-01-01", "2026-12-31"),
        ("本办法自印发之日起施行，有效期2年。", None, "2023-03"),
        ("《茶叶办法》（以下简称《办法》），自2019年1月1日起施行。", None, None),
        ("许可证有效期5年，有效期至2030年1月1日。", None, None),
        ("现予公布，自2016年10月1日起施行。", "2016-10-01", None),
    ],
)
def test_dates_of_effect_are_those_of_the_text_itself(
    sentence: str, effective_on: str | None, expires_on: str | None
) -> None:
    document = read("茶叶办法\n" + BODY + "三、附则\n" + sentence + "\n市农业局\n2021年3月5日\n")
    assert (document.effective_on, document.expires_on) == (effective_on, expires_on)


@pytest.mark.parametrize(
    ("line", "status"),
    [("【时效性】 失效\n", Status.EXPIRED), ("有效性：现行有效\n", Status.IN_FORCE), ("", Status.UNSTATED)],
)
def test_status_only_where_it_is_stated(line: str, status: Status) -> None:
    assert read("关于种茶的通知\n" + line + BODY).status is status


def test_addressees_are_listed_one_by_one() -> None:
    document = read("关于种茶的通知\n各市（含定州、辛集市）人民政府，省政府有关部门：\n" + BODY)
    assert document.addressees == ("各市（含定州、辛集市）人民政府", "省政府有关部门")


@pytest.mark.parametrize("field", ["title", "number", "issuer", "issued_on", "addressees"])
def test_every_fact_has_the_place_that_proves_it(field: str) -> None:
    text = "关于种茶的通知\n茶发〔2021〕3号\n各区政府：\n" + BODY + "市农业局\n2021年3月5日\n"
    written = {name: span.of(text) for name, span in read(text).spans}
    assert (
        written[field]
        == {
            "title": "关于种茶的通知",
            "number": "茶发〔2021〕3号",
            "issuer": "市农业局",
            "issued_on": "2021年3月5日",
            "addressees": "各区政府",
        }[field]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "根据《茶叶条例》（茶令〔2020〕1号）、《种茶办法》种茶。",
            [("茶叶条例", "茶令〔2020〕1号", "依据"), ("种茶办法", None, "依据")],
        ),
        ("贯彻落实《茶业规划》精神。", [("茶业规划", None, "落实")]),
        ("原《采茶办法》（茶发〔2019〕2号）同时废止。", [("采茶办法", "茶发〔2019〕2号", "废止")]),
        ("现将《茶业方案》印发给你们。", [("茶业方案", None, "附件")]),
        ("参见《茶叶标准》。再见《茶叶标准》（茶标〔2018〕1号）。", [("茶叶标准", "茶标〔2018〕1号", "提及")]),
        ("看《红楼梦》，喝茶。", []),
    ],
)
def test_references(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert [(one.title, one.number, one.relation) for one in references(text, "")] == expected


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("茶发 [2020] 12号", "茶发〔2020〕12号"),
        ("茶发〔202012号", "茶发〔2020〕12号"),
        ("茶发（2020）第12号", "茶发〔2020〕第12号"),
        ("国务院令第364号", "国务院令第364号"),
    ],
)
def test_official_number(written: str, number: str) -> None:
    assert official_number(written) == number


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2021年2月8日", "2021-02-08"),
        ("2021年2月", "2021-02"),
        ("2021年底", "2021"),
        ("二〇二一年十二月三十一日", "2021-12-31"),
        ("202128", "2021-02-08"),
        ("20210208", "2021-02-08"),
        ("2021111", None),
        ("2021年13月1日", None),
        ("很久以前", None),
    ],
)
def test_iso_date(written: str, iso: str | None) -> None:
    assert iso_date(written) == iso


def test_digits_have_as_many_readings_as_dates_exist() -> None:
    assert [len(possible_dates("2021", digits)) for digits in ("28", "111", "118", "1128", "230", "99", "0208", "028")] == [
        1, 2, 2, 1, 0, 1, 1, 0,
    ]  # fmt: skip
