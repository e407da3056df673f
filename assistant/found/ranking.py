"""The matrix as a whole: most and fewest, places in the ranking, averages, how many units there are, who has how many tasks."""

import re
from collections.abc import Iterable, Sequence

from assistant.asked import wording
from assistant.asked.question import Question
from assistant.found.evidence import cite, topical
from assistant.found.finding import Evidence, Finding, Kind, Verdict
from assistant.found.matrix import Matrix, Row
from assistant.found.scope import Scope
from ingest.document import Clause, Document, Role
from ingest.fold import chinese_number

_N = r"(\d+|[一二两三四五六七八九十]+)"
_NO_END = 10**6
_FEW_UNITS = re.compile(
    rf"(?:只有|仅有|正好|恰好|刚好|有且只有|只由|由|不到|少于|超过|多于|至少|不少于|单独|独自)?\s*(?:单独)?{_N}(?:个|家)(?:责任|负责|主管)?(?:单位|部门)?(?:以上|以下)?"
)
_FEW_TASKS = re.compile(
    rf"(?:只有|只|仅|仅仅|超过|多于|至少|不少于|不到|少于)?(?:有|负责|承担|管|参与|做|涉及|列入|出现在)?(?:了|过)?{_N}(?:个|项|条|次|回)(?:以上|以下)?(?:任务)?"
)
_ALTOGETHER = re.compile(
    rf"(?<![第\d一二三四五六七八九十]){_N}(?:大)?(?:项|条)(?:工作)?任务(?:里面|里|中)?(?:一共|总共|合计|加起来|共)"
)
_WHICH_TASKS = re.compile(
    r"(?:哪|什么|几|多少|第几|有没有|有无)[^,。?]{0,6}(?:任务|项|条|点)|任务(?:是|有)(?:哪|吗|没)"
)
_WHICH_UNITS = re.compile(
    r"(?:哪|什么|几|多少|谁)[^,。?]{0,4}(?:单位|部门|局|家)|单位(?:是|有|总共|一共|共)?(?:哪|谁|多少|几)|谁"
)
_OF_TASKS = re.compile(
    r"(?:哪|第几)(?:一|几|些|两)?(?:个)?(?:项|条|任务)|(?:最多|最少|[多少])的(?:任务|项|条|那?(?:一|几)?(?:项|条)|是(?:哪|第)(?:一|几)?(?:项|条))"
)
_PLACE = re.compile(rf"(?:排名?)?第{_N}(?:多|少|名|位)|排名?第{_N}")
_TOP = re.compile(rf"(?:排)?(?:前|头){_N}(?:个|家|名|位)?")
_RANKING = re.compile(r"排名|排行|排序|名次|各(?:个|家)?(?:责任)?(?:单位|部门)[^,。?]{0,8}(?:几|多少)(?:项|条|个|任务)")
_AVERAGE = re.compile(r"平均|均(?=有|负责|承担|摊)")


def find(question: Question, scope: Scope) -> Finding | None:
    """哪项任务责任单位最多, 任务第二多的单位, 只有两家单位的任务, 一共多少个责任单位; None when it asks about a topic."""
    home, text = scope.home, question.text
    if home is None or not re.search(r"单位|部门|家|局", text):
        return None
    matrix, leftover = scope.matrix.only([home]), _leftover(question)
    if not matrix.rows or (leftover and (topical(leftover, home) or len(leftover) > 5)):
        return None
    for rule in (_averaged, _without_lead, _ranked, _units_by_count, _tasks_by_count, _unit_total):
        finding = rule(question, matrix, home)
        if finding is not None:
            return finding
    return None


def _leftover(question: Question) -> str:
    return re.sub(
        r"最多|最少|最|多|少|数量|数|只|仅|超过|不到|至少|以上|以下|恰好|正好|刚好|涉及|参与|单独|独自|独立|平均|排名|排行|排序|排|前|名|位|每|家|两|[一二三四五六七八九十\d]|文件|意见|出现|次|第|责|任|牵|涉|不|于|里|中|整个|全文|文中|列|出|成|表|共|总|计|合|各|所有|全部|头|全|有没有|没有|无|没|情况|统计|差",
        "",
        question.topic,
    )


def _averaged(question: Question, matrix: Matrix, home: Document) -> Finding | None:
    """平均每个单位几项, 平均每项几家单位: counted, and said how."""
    if not _AVERAGE.search(question.text):
        return None
    pairs, units, rows = sum(len(row.units) for row in matrix.rows), len(matrix.units), len(matrix.rows)
    by_task = re.search(r"(?:每|一)(?:一)?(?:项|条|个任务)", question.text)
    value = f"{pairs / (rows if by_task else units):.1f}"
    each = f"平均每项{value}家单位" if by_task else f"平均每个单位{value}项任务"
    statement = f"写明单位的任务{rows}项，单位{units}个，合计{pairs}次，{each}（四舍五入）。"
    values = (str(rows), str(units), str(pairs), value)
    return Finding(Kind.OVERVIEW, question, (_heading(matrix, home),), statement=statement, values=values)


def _without_lead(question: Question, matrix: Matrix, _home: Document) -> Finding | None:
    """没有写牵头单位的任务有哪些."""
    if not re.search(r"(?:没|未|不)(?:有)?(?:写|明确|指定|注明|规定)?明?牵头", question.text):
        return None
    if not re.search(r"任务|项|条", question.text):
        return None
    return _of_tasks(question, [row for row in matrix.rows if not row.leads], "没有写明牵头单位的任务", ())


def _ranked(question: Question, matrix: Matrix, _home: Document) -> Finding | None:
    """Most, fewest, second most, the first three, or the whole ranking."""
    text = question.text
    place, top = _PLACE.search(text), _TOP.search(text)
    listing = _RANKING.search(text) or re.search(r"排(?:在|到)?(?:前|头)", text)
    if not (wording.MOST.search(text) or listing or (place and re.search(r"[多少名]", text))):
        return None
    fewest = bool(re.search(r"最少|第.{1,2}少|倒数", text))
    position = (chinese_number(place[1] or place[2]) or 1) if place else 1
    wanted = (chinese_number(top[1]) or 1) if top else _NO_END if listing and not place else 0
    counts = (
        {row.clause.id: len(row.units) for row in matrix.rows} if _OF_TASKS.search(text) else matrix.count_by_unit()
    )
    chosen = _places(counts, position=position, wanted=wanted, fewest=fewest)
    if not chosen:
        return None
    target = counts[chosen[0]]
    if _OF_TASKS.search(text):
        rows = [row for row in matrix.rows if row.clause.id in chosen]
        word = ("最少" if fewest else "最多") if position == 1 else f"第{position}{'少' if fewest else '多'}"
        said = f"{_called(matrix)}{word}" + ("的任务" if wanted else f"（{target}家）的任务")
        return _of_tasks(question, rows, said, (str(target), str(position)))
    if wanted:
        shown = "；".join(f"{name}{counts[name]}项" for name in chosen)
        statement = f"按任务数从{'少到多' if fewest else '多到少'}：{shown}。"
        return _of_units(question, matrix, chosen, ("ranking", *map(str, counts.values())), statement)
    return _of_units(question, matrix, chosen, ("extreme", str(target)))


def _places(counts: dict[str, int], *, position: int, wanted: int, fewest: bool) -> list[str]:
    """Those at one place of the ranking, equals together; or the first ``wanted``, with whoever equals the last of them."""
    steps = sorted(set(counts.values()), reverse=not fewest)
    if not wanted:
        return (
            [name for name, count in counts.items() if count == steps[position - 1]] if position <= len(steps) else []
        )
    ordered = sorted(counts, key=lambda name: counts[name] if fewest else -counts[name])
    last = counts[ordered[min(wanted, len(ordered)) - 1]]
    return [name for name in ordered if (counts[name] <= last if fewest else counts[name] >= last)]


def _units_by_count(question: Question, matrix: Matrix, _home: Document) -> Finding | None:
    """哪些单位只负责一项, 负责三项以上任务的单位."""
    text = question.text
    match = _FEW_TASKS.search(text)
    asks = _asks_for_units(text) or re.search(r"(?:项|条|任务)(?:以上|以下)?[^,。?]{0,3}的(?:责任)?(?:单位|部门)", text)
    if not match or not asks or not re.search(r"项|条|次|回", match[0]) or _of_all_tasks(text, matrix):
        return None
    low, high = _bounds(match[0], chinese_number(match[1]) or 1)
    names = [name for name, count in matrix.count_by_unit().items() if low <= count <= high]
    said = _range(low, high, "项")
    claimed = _claimed_units(question)
    verdict = None
    if question.claim and claimed is not None:
        verdict = Verdict(claimed == len(names), () if claimed == len(names) else (f"这样的单位共{len(names)}家",))
    return _of_units(question, matrix, names, ("few", said, str(low), str(high)), verdict=verdict)


def _tasks_by_count(question: Question, matrix: Matrix, _home: Document) -> Finding | None:
    """只有两家单位的任务, 责任单位超过五家的是哪几项, 有没有单独一家负责的任务."""
    text = question.text
    match = _FEW_UNITS.search(text)
    alone = re.search(r"(?:单独|独自|独家)(?:负责|承担|完成)", text)
    asks = _WHICH_TASKS.search(text) or re.search(r"(?:单位|部门|家)[^,。?]{0,6}的(?:任务|项|条|[是有]哪)", text)
    if not asks or not (match or alone):
        return None
    number = chinese_number(match[1]) if match else 1
    low, high = _bounds(
        text[match.start() - 3 if match.start() > 3 else 0 : match.end() + 2] if match else "", number or 1
    )
    rows = matrix.with_unit_count(low, high)
    return _of_tasks(question, rows, f"{_called(matrix)}为{_range(low, high, '家')}的任务", (str(low), str(high)))


def _of_all_tasks(text: str, matrix: Matrix) -> bool:
    """15项任务一共几个单位, where there are fifteen: asked of all of them, not of who has fifteen."""
    match = _ALTOGETHER.search(text)
    return match is not None and chinese_number(match[1]) == sum(row.clause.task is not None for row in matrix.rows)


def _unit_total(question: Question, matrix: Matrix, home: Document) -> Finding | None:
    """一共多少个责任单位, 责任单位有哪些, 一共有24个责任单位对吧."""
    text = question.text
    claimed = _claimed_units(question) if question.claim else None
    asks = re.search(r"(?:多少|几)(?:个|家)|总共|一共|共有|全部|所有|有哪些", text)
    if (
        not asks
        or not (_WHICH_UNITS.search(text) or claimed)
        or _WHICH_TASKS.search(text)
        or (len(_leftover(question)) > 1 and not _of_all_tasks(text, matrix))
    ):
        return None
    names = matrix.units
    kind = _called(matrix)
    statement = f"文件中的{kind}共{len(names)}个：{'、'.join(names)}。"
    verdict = Verdict(claimed == len(names), (f"{kind}共{len(names)}个",)) if claimed is not None else None
    values, heading = (str(len(names)), str(claimed)), (_heading(matrix, home),)
    return Finding(Kind.OVERVIEW, question, heading, statement=statement, values=values, verdict=verdict)


def _claimed_units(question: Question) -> int | None:
    match = re.search(rf"{_N}(?:多)?(?:个|家)", question.text)
    return chinese_number(match[1]) if match else None


def _heading(matrix: Matrix, home: Document) -> Evidence:
    """The heading that holds the tasks, as the place that proves a count; else the first of them."""
    top = matrix.rows[0].clause.path[:1]
    held: list[Clause] = [clause for clause in home.clauses if top and clause.span.of(home.text).strip() == top[0]]
    return cite(home, held[0] if held else matrix.rows[0].clause)


def _called(matrix: Matrix) -> str:
    """责任单位, or 单位 where some only lead or take part."""
    given = {unit.role for row in matrix.rows for unit in row.units}
    return "责任单位" if given <= {Role.RESPONSIBLE} else "承担任务的单位"


def _asks_for_units(text: str) -> bool:
    return bool(
        re.search(r"(?:哪|什么|几|多少)[^,。?]{0,3}(?:单位|部门|局|家)|(?:单位|部门)(?:有|是)?(?:哪|几|谁)", text)
    )


def _bounds(written: str, number: int) -> tuple[int, int]:
    """五家以上 → 5 and more; in a legal text 以上 and 以下 hold the number itself."""
    if re.search(r"不到|少于", written) and "不少于" not in written:
        return 0, number - 1
    if re.search(r"(?<!不)(?:超过|多于)", written):
        return number + 1, _NO_END
    if re.search(r"至少|不少于|以上", written):
        return number, _NO_END
    if re.search(r"以下|至多|不超过|最多", written):
        return 0, number
    return number, number


def _range(low: int, high: int, measure: str) -> str:
    if low == high:
        return f"{low}{measure}"
    return f"{low}{measure}以上" if high >= _NO_END else f"{high}{measure}以下"


def _of_tasks(question: Question, rows: Iterable[Row], subject: str, values: tuple[str, ...]) -> Finding:
    evidence = tuple(cite(row.document, row.clause) for row in rows)
    return Finding(Kind.JOINT_UNITS, question, evidence, statement=subject, values=values)


def _of_units(
    question: Question,
    matrix: Matrix,
    names: Sequence[str],
    values: tuple[str, ...],
    statement: str = "",
    *,
    verdict: Verdict | None = None,
) -> Finding:
    evidence = tuple(cite(row.document, row.clause) for row in matrix.tasks_of_any(names))
    return Finding(
        Kind.UNIT_TO_TASKS, question, evidence, tuple(names), statement=statement, values=values, verdict=verdict
    )
