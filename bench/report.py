"""The report page: every miss with question, expectation, answer, evidence and ranks; one file, no requests, light and dark."""

from collections.abc import Iterable, Sequence
from html import escape

from assistant.answer import Answer, Citation
from assistant.ask import Assistant
from bench.measured import Asked, percentile

_LEGS_SHOWN = 6

_FAULTS = {
    "no answer": "没有给出回答",
    "answered, should refuse": "应当拒答，却回答了",
    "refused, should answer": "应当回答，却拒答了",
    "task not cited": "没有引用应引的任务",
    "wrong task cited": "引用了不相干的任务",
    "section not cited": "没有引用应引的章节",
    "wrong section cited": "引用了不相干的章节",
    "unit missing": "漏了责任单位",
    "unit too many": "多了责任单位",
    "unit not in the answer's text": "责任单位没有写进正文",
    "fact missing": "应写到的内容没有写到",
    "says what it must not": "写了不该写的内容",
    "premise not corrected": "没有纠正错误的说法",
    "wrong clauses": "引用的条款不对",
    "units not exact": "责任单位名单不完全一致",
    "document not named": "没有说明出自哪份文件",
    "role not shown": "没有写明牵头、配合等分工",
    "wrong verdict": "是非判断错误",
}

_STYLE = """
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#22252b;--soft:#5d6470;--line:#dcd9d0;--bad:#a8261c;--good:#1d6b45;--mark:#f4ecd4}
@media(prefers-color-scheme:dark){:root{--paper:#16181c;--card:#1f2227;--ink:#e8e6e1;--soft:#a3a9b4;--line:#383d45;--bad:#ff8f80;--good:#74d3a2;--mark:#3a3523}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:2rem 1.25rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.75 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
h1{font-size:1.6rem;line-height:1.35;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2.5rem 0 .75rem}h3{font-size:1rem;margin:0}
p{margin:.35rem 0}.soft{color:var(--soft);font-size:.9rem}.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}
th,td{padding:.4rem .65rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}th{color:var(--soft);font-weight:600}td.n,th.n{text-align:right}
article{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.15rem;margin:1rem 0;overflow-wrap:anywhere}
.fault{color:var(--bad);font-weight:600}.right{color:var(--good)}.cols{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem;margin-top:.6rem}
.said{white-space:pre-wrap}blockquote{margin:.4rem 0;padding:.5rem .8rem;background:var(--mark);border-radius:.3rem;white-space:pre-wrap}
summary{cursor:pointer;color:var(--soft)}details{margin-top:.6rem}h4{font-size:.85rem;color:var(--soft);margin:0 0 .2rem;font-weight:600}
"""


def page(assistant: Assistant, asked: Sequence[Asked], title: str) -> str:
    """The whole page."""
    misses = [each for each in asked if each.faults]
    body = "".join(_miss(assistant, each) for each in misses) or '<p class="right">全部答对，没有失分。</p>'
    right = len(asked) - len(misses)
    times = [each.milliseconds for each in asked]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>检验报告：{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>检验报告：{escape(title)}</h1>"
        f'<p class="soft">{len(asked)}题答对{right}题（{right / max(1, len(asked)):.1%}）；知识库{len(assistant.scope().documents)}份文件；'
        f"每题用时中位数{percentile(times, 0.5):.1f}毫秒，95%在{percentile(times, 0.95):.1f}毫秒以内。</p>"
        f"<h2>按题型</h2>{_kinds(asked)}<h2>失分原因</h2>{_reasons(misses)}<h2>失分的{len(misses)}题</h2>{body}</main></body></html>"
    )


def _kinds(asked: Sequence[Asked]) -> str:
    rows = []
    for kind in dict.fromkeys(each.kind for each in asked):
        own = [each for each in asked if each.kind == kind]
        right = sum(not each.faults for each in own)
        rows.append((kind, str(right), str(len(own)), f"{right / len(own):.3f}"))
    wrongly = sum(each.should_refuse and not each.answer.refused for each in asked)
    withheld = sum(not each.should_refuse and each.answer.refused for each in asked)
    note = f'<p class="soft">应拒答却回答{wrongly}题，应回答却拒答{withheld}题。</p>'
    return _table(("题型", "答对", "题数", "正确率"), rows) + note


def _reasons(misses: Sequence[Asked]) -> str:
    counts: dict[str, int] = {}
    for fault in (fault for each in misses for fault in each.faults):
        counts[fault] = counts.get(fault, 0) + 1
    rows = [
        (_FAULTS.get(fault, fault), str(count)) for fault, count in sorted(counts.items(), key=lambda item: -item[1])
    ]
    return _table(("原因", "次数"), rows) if rows else '<p class="soft">无。</p>'


def _miss(assistant: Assistant, each: Asked) -> str:
    answer = each.answer
    turns = "".join(f"<p>{number}. {escape(turn)}</p>" for number, turn in enumerate(each.turns, 1))
    expected = "".join(f"<p>{escape(line)}</p>" for line in each.expected)
    faults = "；".join(_FAULTS.get(fault, fault) for fault in each.faults)
    came = f'<p class="said">{escape(answer.answer)}</p><p class="soft">{escape(_summary(answer))}</p>'
    return (
        f'<article><h3>{escape(each.id)} <span class="soft">{escape(each.kind)}</span></h3>'
        f'<p class="fault">{escape(faults)}</p><div class="cols">'
        f"<section><h4>提问</h4>{turns}<h4>应得</h4>{expected}</section><section><h4>实际回答</h4>{came}</section></div>"
        f"{_evidence('引用的条款', answer.citations)}{_evidence('最接近的条款', answer.nearest)}{_legs(assistant, each)}</article>"
    )


def _summary(answer: Answer) -> str:
    said = [f"判作{answer.kind}", "已拒答" if answer.refused else f"置信度{answer.confidence:.2f}"]
    if answer.units:
        said.append(f"责任单位：{'、'.join(answer.units)}")
    said += [
        f"理解为：{answer.rewritten_question}",
        *answer.notes,
        *[f"{key}：{value}" for key, value in answer.trace.items()],
    ]
    return "；".join(said)


def _evidence(name: str, citations: Iterable[Citation]) -> str:
    cited = "".join(
        f"<p>《{escape(citation.document_title)}》{escape(citation.label)} {escape(citation.title)}"
        f' <span class="soft">{escape("、".join(unit.name for unit in citation.units))}</span></p>'
        f"<blockquote>{escape(citation.quote)}</blockquote>"
        for citation in citations
    )
    return f"<details><summary>{name}</summary>{cited}</details>" if cited else ""


def _legs(assistant: Assistant, each: Asked) -> str:
    """Where each way of searching ranked the best passages for the question as it was understood."""
    query = each.answer.rewritten_question or each.turns[-1]
    explained = assistant.index.explain(query, limit=_LEGS_SHOWN)
    rows = [
        (
            f"《{hit.document_title[:24]}》{hit.label}",
            f"{hit.score:.3f}",
            "，".join(f"{leg} {rank}" for leg, rank in hit.found_by.items()),
            hit.text[:60],
        )
        for hit in explained.hits
    ]
    shown = _table(("条款", "得分", "各路名次", "原文开头"), rows)
    return (
        f"<details><summary>检索过程（查询：{escape(explained.understood)}）</summary>{shown}</details>" if rows else ""
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
