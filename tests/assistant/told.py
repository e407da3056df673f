"""What the tests know for certain: who is responsible in the seed document, and a document of our own."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.answer import Answer
from assistant.ask import Assistant
from index.curate import Curator
from index.home import Home

Ask = Callable[..., Answer]

RESPONSIBLE = {
    1: "市商务局 市经信局",
    2: "市商务局 市科技局 市经信局 市教育局",
    3: "市商务局 市经信局",
    4: "市商务局 市市场监管局 市卫健委 武汉海关 市税务局",
    5: "市商务局 市城乡建设局 市经信局 市委宣传部 市文化和旅游局 市教育局 市科技局",
    6: "市商务局 市司法局",
    7: "人行武汉分行营管部 湖北银保监局 市金融工作局 市国资委 市教育局 市卫健委 市商务局",
    8: "市商务局 市发改委 市市场监管局",
    9: "湖北银保监局 市金融工作局 中国出口信用保险公司湖北分公司",
    10: "市招才局 市人社局 市商务局",
    11: "市教育局 市人社局 市商务局 市财政局",
    12: "市商务局 市发改委 市经信局 市科技局 市财政局 市税务局 湖北证监局 市金融工作局 各区政府",
    13: "市商务局 市财政局",
    14: "市商务局 市财政局 各区政府",
    15: "武汉海关 市商务局",
}
"""Copied by hand from the seed document, in its order."""

ORCHARD = """江源市人民政府办公室关于促进观光果园发展的实施方案

江政办发〔2023〕17号

各县(区)人民政府,市政府各部门:

为促进观光果园健康发展,根据《农业农村部关于拓展乡村产业的意见》(农产发〔2022〕5号),制定本方案。

一、总体目标

到2028年,全市建成观光果园120个,年接待游客突破300万人次。

二、重点任务

(一)建设果园步道。修建环形步道和观景台,每个果园步道不少于两公里。(牵头单位:市农业农村局;配合单位:市交通运输局、市自然资源局)

(二)开展采摘节庆。每年春秋两季举办采摘节,鼓励民宿推出果酒品鉴。(牵头单位:市文化和旅游局;配合单位:市农业农村局、市商务局)

(三)完善冷链仓储。支持合作社建设移动预冷库,对新建冷库给予每立方米80元补助。(牵头单位:市商务局;配合单位:市供销社、市财政局)

(四)培训果农技能。开设嫁接、修枝和直播培训班,年培训果农5000人次。(责任单位:市人社局、市农业农村局)

三、保障措施

(一)加强组织领导。市农业农村局每季度调度一次工作进展。

(二)强化资金保障。市财政局统筹涉农资金给予支持。

本方案自2023年9月1日起施行,有效期至2028年8月31日。

江源市人民政府办公室

2023年8月15日
"""


def units_of(*tasks: int) -> tuple[str, ...]:
    """The units responsible for these tasks, each once, in the document's order."""
    return tuple(dict.fromkeys(name for task in tasks for name in RESPONSIBLE[task].split()))


def tasks_of(*units: str) -> list[int]:
    """The tasks for which all of the units are responsible."""
    return [task for task in RESPONSIBLE if set(units) <= set(units_of(task))]


def cited(answer: Answer) -> list[str]:
    return [citation.label for citation in answer.citations]


def tasks(answer: Answer) -> list[int | None]:
    return [citation.task for citation in answer.citations]


def opening(answer: Answer) -> str:
    """The first line, which must answer by itself."""
    return answer.answer.split("\n")[0]


def asking(assistant: Assistant) -> Ask:
    return lambda *turns: assistant.ask(turns[-1], turns[:-1])


def built(folder: Path, texts: Mapping[str, str], database: str = "") -> Path:
    """A knowledge base of these documents, id → text."""
    rows = folder / "rows.jsonl"
    rows.write_text("\n".join(json.dumps({"id": key, "text": text}) for key, text in texts.items()), encoding="utf-8")
    Curator(Home(folder / "data", database)).build(rows=[rows])
    return folder / "data"
