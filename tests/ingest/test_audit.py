"""What the audit tells an editor."""

import hashlib

from ingest.directory import UnitDirectory, UnitRecord
from ingest.document import Audit, RawText, Source
from ingest.parse import parse


def audited(text: str, directory: UnitDirectory | None = None) -> Audit:
    source = Source("x.txt", "txt", "utf-8", hashlib.sha256(text.encode()).hexdigest())
    return parse(RawText(text, source), document_id="x", directory=directory).audit


def test_tasks_are_counted_with_and_without_units() -> None:
    text = "茶业方案\n\n一、种茶（责任单位：市农业局）\n\n二、卖茶（责任单位：市商务局）\n\n三、喝茶\n"
    audit = audited(text)
    assert (audit.tasks, audit.tasks_with_units, audit.orphan_paragraphs) == (3, 2, 0)
    assert "1项任务没有写明责任单位：任务3" in audit.warnings


def test_gaps_in_the_numbers_are_named() -> None:
    text = "茶业方案\n\n一、种茶（责任单位：市农业局）\n\n二、卖茶（责任单位：市商务局）\n\n四、喝茶（责任单位：市商务局）\n"
    assert audited(text).numbering_gaps == ("缺任务3",)
    assert audited("方案\n\n一、种茶\n\n（一）选种\n\n（三）育苗\n\n二、采茶\n").numbering_gaps == ("一(一)之后缺1项",)


def test_a_text_without_structure_and_title_says_so() -> None:
    assert audited("山上有雾，宜种茶。\n\n山下有水。\n").warnings == (
        "没有找到编号的条款，已按段落切分",
        "原文没有标题",
    )


def test_repairs_are_summed_up_by_rule() -> None:
    warnings = audited("茶业方案\n\n一、依据\n\n《茶法》（茶发〔202012号）、《水法》（水发〔202019号）。\n").warnings
    assert "已修复2处：补文号中的括号2处" in warnings


def test_brackets_that_do_not_match_are_reported() -> None:
    assert any(
        "《" in line and "相差1个" in line for line in audited("茶业方案\n\n一、依据\n\n《茶法的规定。\n").warnings
    )


def test_words_behind_the_sign_off_belong_to_no_clause() -> None:
    text = "关于种茶的通知\n\n各区政府：\n\n为种好茶，现通知如下。\n\n一、种茶\n\n二、采茶\n\n市农业局\n2021年3月5日\n\n网站地图\n"
    assert audited(text).orphan_paragraphs == 1


def test_unknown_units_are_named_with_the_nearest_known_one() -> None:
    directory = UnitDirectory([UnitRecord("市金融工作局", "武汉市金融工作局"), UnitRecord("市商务局", "武汉市商务局")])
    text = (
        "方案\n\n一、种茶（责任单位：市商务局、市金融工作句、河北省茶叶集团公司）\n\n二、卖茶（责任单位：市商务局）\n"
    )
    warnings = audited(text, directory).warnings
    assert "“市金融工作句”不在单位名录中，最接近的是“市金融工作局”" in warnings
    assert "1个单位不在单位名录中：河北省茶叶集团公司" in warnings
    assert not any("名录" in line for line in audited(text).warnings)
