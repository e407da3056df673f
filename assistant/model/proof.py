"""Whether a line that no template wrote says only what its clauses say. Stricter than ``verify``, which it begins with.

A model may put a true figure to a false use and a unit beside the wrong clause; so a line is held against the clauses that its
marks name (without marks: against one clause at a time), figures with what they count, units with their part in the clause.
Rather a true line withheld than a false one shown.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from assistant.found.finding import Evidence
from assistant.said.verify import Grounds, Line, faults_of, grounds
from ingest.directory import UnitDirectory
from ingest.document import Role
from ingest.fold import chinese_number, fold_text
from ingest.unit_grammar import LOCAL, MINISTRY

_MARK = re.compile(r"〔([^〔〕\d][^〔〕]{0,60})〕")
_TASK = re.compile(r"第([\d一二三四五六七八九十]+)(?:项|条|点)|任务([\d一二三四五六七八九十]+)")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*[%‰]?")
_DATE = re.compile(r"\d+年(?:\d+月(?:\d+日)?)?|\d+月\d+日")
_PARTICLES = "的和与及至到为是在以之内前后起止或"
_NUMERAL = "零〇一二两三四五六七八九十百千万亿半廿卅壹贰叁肆伍陆柒捌玖拾佰仟数"
_MEASURES = "年月日天周元万亿个家项条类倍成番人名次公里米亩平吨折期批级季轮点步种号届章节款美欧港件份台套户所座位岁度"
_WRITTEN = re.compile(rf"第?[{_NUMERAL}]+(?=[{_MEASURES}]|小时|分钟)|[{_NUMERAL}]+分之[{_NUMERAL}]+|第[{_NUMERAL}]+")
_JUST_ONE = re.compile(r"一(?:[个项批种类级条家次期步]|方面)")
_MULTIPLES = re.compile(r"翻[一两二三]?番|翻倍|加倍|减半|一半|半数|过半|全免|全额")
_COUNT = re.compile(rf"(?:等|共|的)*([\d{_NUMERAL}]+)[家个](?:责任)?(?:单位|部门|(?=$|[，,。；;：:、)]))")
_LATIN = re.compile(r"[a-z][a-z0-9]*")
_TITLE = re.compile(r"《([^《》]*)》?")
_ONLY = re.compile(r"只[由有归]|仅[由有归]|唯一|独家|单独|全权")
_DENIAL = re.compile(r"(?:不|没有|无需|无须|并非|未|免于).{0,4}(?:负责|牵头|参与|配合|责任)")
_UNSAID = re.compile(r"(?:没有|未)(?:写明|注明|指明|明确|指定|说明|规定)(?:由)?(?:哪家|谁)?(?P<what>牵头|配合|参与)")
_ROLES = (
    (re.compile(r"牵头|主责|主办|领衔|总负责|第一责任"), Role.LEAD, "牵头"),
    (re.compile(r"(?:配合|协办|协同)(?:单位|部门)"), Role.COOPERATING, "配合"),
    (re.compile(r"(?:参与|参加)(?:单位|部门)"), Role.PARTICIPATING, "参与"),
)
_IN_CHARGE = re.compile(r"负责|责任|主管|归口|承办|管这|来管")
_HELD = "\x01"
_AFTER = "由和与及向请是为括位有给到在经让等家即找对同含中得如项从被按会并还需可以能系询问求报交送访知托商过、，"
_STRONG = re.compile(
    r"(?<![格布全大结])局(?![面部势限])|(?<![餐展大客门])厅|委(?![托派任屈])|(?<![部签])署(?!名)|海关|人大(?!代)|政协|国务院|党中央"
)
_BODIES = re.compile(
    r"委员会|党组|政府|管委会|银行|[分支]行|法院|检察院|办公[室厅]|集团|[协学商]会|联合会|基金会|证监会|公司|大学|学院|研究[院所]|医院"
    r"|中心|小组|专班|联盟|指挥部|联席会议|事务所|交易所|工作组|营管部|热线|平台|监管局|总队|支队|街道"
    rf"|{MINISTRY}|{LOCAL}(?![法理事展议面署分长])"
)
_OFFICE = re.compile(rf"{_HELD}([一-鿿]{{1,8}}?(?:处|科|室|所|站|队(?!伍)|组(?![织成建合])|办|中心)(?!理))")


@dataclass(frozen=True)
class Checked:
    """A line as it would be shown (its marks written as the clauses' labels) and what is wrong with it."""

    text: str
    faults: tuple[str, ...] = ()


class Proof:
    """The cited clauses as the only ground for what a model says."""

    def __init__(self, evidence: Sequence[Evidence], directory: UnitDirectory) -> None:
        self._directory = directory
        self._evidence = tuple(evidence)
        self._bases: dict[tuple[int, ...], _Basis] = {}

    def check(self, line: str) -> Checked:
        """Against the marked clauses together; unmarked, a line must hold against some one clause."""
        named = [
            fold_text(label).replace(" ", "") for mark in _MARK.findall(line) for label in re.split("[、,，;；]", mark)
        ]
        places = [[at for at, item in enumerate(self._evidence) if _label(item) == label] for label in named]
        if not all(places):
            return Checked(line, ("标记所指的条款不在引用中",))
        text = _MARK.sub(self._written, line)
        bare = re.sub(r"\s", "", _MARK.sub("", line))
        groups = (
            [tuple(sorted(set(group))) for group in product(*places)][:16]
            if places
            else [(at,) for at in range(len(self._evidence))]
        )
        found = [self._basis(group).faults(bare) for group in dict.fromkeys(groups)]
        return Checked(text, tuple(sorted(found, key=len)[0]) if found else ("没有引用条款",))

    def strangers(self, text: str) -> list[str]:
        """Units, figures, dates and numbers in a text (a question, say) that stand in none of the clauses."""
        return self._basis(tuple(range(len(self._evidence)))).strangers(text)

    def _basis(self, group: tuple[int, ...]) -> "_Basis":
        if group not in self._bases:
            self._bases[group] = _Basis(tuple(self._evidence[at] for at in group), self._directory)
        return self._bases[group]

    def _written(self, match: re.Match[str]) -> str:
        """〔三（一）、任务7〕 → 〔三(一)〕〔任务7〕, so that every mark leads to its clause."""
        labels = {_label(item): item.clause.label for item in self._evidence}
        named = (fold_text(label).replace(" ", "") for label in re.split("[、,，;；]", match.group(1)))
        return "".join(f"〔{labels[label]}〕" for label in named)


class _Basis:
    """Some clauses taken together."""

    def __init__(self, evidence: tuple[Evidence, ...], directory: UnitDirectory) -> None:
        self._evidence, self._directory = evidence, directory
        counted = {len(item.unit_names) for item in evidence} | {len(set(self._units))}
        self._counts = counted - {0}
        self._grounds: Grounds = grounds(evidence, computed=[str(count) for count in self._counts])

    def faults(self, line: str) -> list[str]:
        """One sentence for each thing that the clauses do not say."""
        folded = fold_text(line)
        return [
            *self._named(line),
            *self._words(folded),
            *self._bodies(folded, (_STRONG, _BODIES)),
            *self._parts(folded),
        ]

    def strangers(self, text: str) -> list[str]:
        """As ``faults``, for a user's words: its units may be called by any of their names, and talk is free."""
        for mention in reversed(self._directory.mentions(text)):
            if any(fold_text(name) in self._units for name in mention.names):
                text = text[: mention.span.start] + "，" + text[mention.span.end :]
        return [*self._named(text), *self._bodies(fold_text(text), (_STRONG,))]

    def _named(self, line: str) -> list[str]:
        """What every answer is checked for, and figures with what they count."""
        without_tasks = _TASK.sub(self._task_removed, line)
        figures = _COUNT.sub(self._count_removed, fold_text(without_tasks))
        return [*faults_of(Line(without_tasks), self._grounds, self._directory), *self._figures(figures)]

    @cached_property
    def _units(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fold_text(name) for item in self._evidence for name in item.unit_names))

    @cached_property
    def _known(self) -> re.Pattern[str]:
        """Every name of a body that the clauses hold, the longest first."""
        text = self._grounds.text
        names = {*self._units, *(fold_text(mention.written) for mention in self._directory.mentions(text))}
        names |= {fold_text(item.document.issuer) for item in self._evidence if item.document.issuer}
        return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)")

    def _stands(self, written: str) -> bool:
        """Whether the clauses hold this, and not as the tail or head of a longer figure."""
        head = r"(?<!\d)(?<!\d[.,])" if written[:1].isdigit() else ""
        tail = r"(?!\d)" if written[-1:].isdigit() else ""
        return re.search(head + re.escape(written) + tail, self._grounds.squeezed) is not None

    def _task_removed(self, match: re.Match[str]) -> str:
        number = chinese_number(match.group(1) or match.group(2))
        ours = any(item.clause.task is not None and item.clause.task == number for item in self._evidence)
        return "" if ours else match.group(0)

    def _count_removed(self, match: re.Match[str]) -> str:
        return "" if chinese_number(match.group(1)) in self._counts else match.group(0)

    def _figures(self, text: str) -> Iterator[str]:
        """Figures and dates must stand there with the thing they count: 2025年 proves no 2025万元."""
        for match in _DATE.finditer(text):
            if not self._stands(match.group(0)):
                yield f"日期“{match.group(0)}”不在引用中"
        for match in _FIGURE.finditer(text):
            following = text[match.end() : match.end() + 1]
            counted = following if following.isalnum() and following not in _PARTICLES else ""
            written = match.group(0) + ("" if match.group(0)[-1] in "%‰" else counted)
            if not self._stands(written):
                yield f"数字“{written}”不在引用中"
        for match in _WRITTEN.finditer(text):
            written = text[match.start() : match.end() + 1] if "分之" not in match.group(0) else match.group(0)
            if not (_JUST_ONE.match(text, match.start()) or self._stands(written) or self._stands_in_digits(written)):
                yield f"数字“{written}”不在引用中"
        for match in _MULTIPLES.finditer(text):
            if not self._stands(match.group(0)):
                yield f"“{match.group(0)}”不在引用中"

    def _stands_in_digits(self, written: str) -> bool:
        number = chinese_number(written[:-1])
        return number is not None and self._stands(f"{number}{written[-1]}")

    def _words(self, text: str) -> Iterator[str]:
        """Words in other letters, titles, and quotation marks that do not pair."""
        held = set(_LATIN.findall(self._grounds.text))
        yield from (f"“{word}”不在引用中" for word in _LATIN.findall(text) if word not in held)
        foreign = {sign for sign in text if sign.isalnum() and not sign.isascii() and not "\u4e00" <= sign <= "\u9fff"}
        yield from (f"“{sign}”不在引用中" for sign in sorted(foreign - set(self._grounds.text)))
        for title in _TITLE.findall(text):
            if re.sub(r"[\s“”]", "", title) not in self._grounds.squeezed:
                yield f"文件《{title}》不在引用中"
        if text.count("“") != text.count("”"):
            yield "引号不成对"

    def _bodies(self, text: str, shapes: Sequence[re.Pattern[str]]) -> Iterator[str]:
        """Names of bodies: those of the clauses in full, nothing before them, and nothing else that looks like one."""
        joined = re.sub(r"(?<=[一-鿿])[·•‧\-–—_/^.]+(?=[一-鿿])", "", text)
        for match in self._known.finditer(joined):
            before = joined[: match.start()][-1:]
            is_apart = not ("\u4e00" <= before <= "\u9fff") or before in _AFTER
            if not is_apart and not self._stands(before + match.group(0)):
                yield f"单位“{before}{match.group(0)}”不在引用中"
        rest = self._known.sub(_HELD, joined)
        for office in _OFFICE.findall(rest):
            if not self._stands(office):
                yield f"单位“{office}”不在引用中"
        for pattern in shapes:
            for match in pattern.finditer(rest):
                name = re.findall(r"[一-鿿]*$", rest[: match.start()])[0][-3:] + match.group(0)
                if not self._stands(name):
                    yield f"单位“{name}”不在引用中"

    def _parts(self, text: str) -> Iterator[str]:
        """Who leads, who assists, and that nobody is left out or denied."""
        roles = {unit.role for item in self._evidence for unit in item.units}
        unsaid = _UNSAID.search(text)
        if unsaid and any(role in roles for _, role, word in _ROLES if word == unsaid["what"]):
            yield f"“{unsaid.group(0)}”与条款不符"
        if not unsaid and _DENIAL.search(text):
            yield "否认了谁负责，条款里没有这样写"
        named = set(self._known.findall(text))
        if _ONLY.search(text) and named and len(self._units) > 1:
            yield "说成只有一家，条款里不止一家"
        if "责任单位" in text and named and not self._lists_all(text, named):
            yield "责任单位没有列全，或列了别的单位"
        for segment in [] if unsaid else re.split("[，,；;。]", text):
            yield from self._roles_of(segment)

    def _lists_all(self, text: str, named: set[str]) -> bool:
        counted = any(chinese_number(match) in self._counts for match in _COUNT.findall(text))
        if counted and "等" in text:
            return named <= set(self._units)
        return any(named == {fold_text(name) for name in item.unit_names} for item in self._evidence) or (
            named == set(self._units)
        )

    def _roles_of(self, segment: str) -> Iterator[str]:
        if self._stands(re.sub("[“”]", "", segment)):
            return
        named = set(self._known.findall(segment))
        if _IN_CHARGE.search(segment) and named - set(self._units):
            yield "条款没有写这个单位负责"
        for pattern, role, word in _ROLES:
            if pattern.search(segment):
                held = {fold_text(unit.name) for item in self._evidence for unit in item.units if unit.role is role}
                if named - held or (not held and not self._stands(pattern.search(segment)[0])):  # type: ignore[index]
                    yield f"条款没有这样写“{word}”"


def _label(item: Evidence) -> str:
    return fold_text(item.clause.label).replace(" ", "")
