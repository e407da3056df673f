"""Bodies told by their work instead of by name: 管医院的那个委, 收税的部门, 财政这条线上, 既有经信又有科技的."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from ingest.aliases import stem_of
from ingest.directory import Mention
from ingest.document import Span
from ingest.fold import fold_text
from ingest.matters import MATTERS, seeing_to

_MATTER = "|".join(sorted({word for words in MATTERS.values() for word in words}, key=len, reverse=True))
_BODY = r"(?:局|委(?!托|员)|厅|署|部门|单位|机构|机关|衙门|一家|那家|(?<=[那这]个)[部办])"
_BY_WORK = re.compile(
    rf"(?:专门?|主要)?(?:负责|主管|分管|监管|管理?|抓|搞|收|做|办)着?(?P<matters>(?:{_MATTER})(?:[和跟、]?(?:{_MATTER}))?)"
    rf"(?:这块|方面|工作|的事)?的?(?P<pointing>[那这]一?(?:个|家))?(?:政府|市里?|监管|主管|管理|行政|职能)?的?{_BODY}"
)
_LINE = (
    r"(?:工作)?(?:系统|口子上?|[这那]?一?条?(?:战线|线)上?|[那这]头|[那这]块儿?|机关|(?:监管|主管|行政|管理)(?:机构|部门|机关))"
    r"(?![路索下程缆性化]|集成|开发|软件|工程|平台|设计)"
)
_ASKS_WHICH = re.compile(r"(?:哪|谁|什么|几|多少)[^,。?]{0,3}$")
_ASKED_BEHIND = re.compile(r"是?(?:有|是|包括)?(?:谁|哪(?:个|些|几|家))|[?？]|$")
_DUTY = re.compile(
    r"任务|职责|差事|(?:[几哪]|多少)(?:些|一|几)?(?:项|条|点|件|样|桩)|[什哪]么[事活]|干(?:嘛|么事|吗)|活儿?(?!动)"
    r"|(?:做|干|管|担|忙|负责|承担|牵涉|掺和)(?:些|着|了|到)?(?:什么|哪|几)"
)


def bodies(text: str, named: Sequence[Mention], names: Collection[str]) -> list[Mention]:
    """Each of the bodies (``names``) that the text tells by its work, where it asks what that body does; none that it names."""
    if not _DUTY.search(text):
        return []
    found = [*_by_work(text, names), *_by_line(text, names)]
    return [each for each in found if not any(each.span.overlaps(mention.span) for mention in named)]


def _by_work(text: str, names: Collection[str]) -> Iterator[Mention]:
    for match in _BY_WORK.finditer(text):
        asked_for = _ASKS_WHICH.search(text[: match.start()]) or _ASKED_BEHIND.match(text[match.end() :])
        if asked_for and not match["pointing"]:
            continue  # 管进口的部门有哪些 asks who they are
        fitting = seeing_to(match["matters"], names) or _seeing_to_all(match["matters"], names)
        if len(fitting) == 1:
            yield Mention(Span(*match.span()), match[0], (fitting[0],))


def _seeing_to_all(matters: str, names: Collection[str]) -> list[str]:
    """人事社保: the bodies that see to each of two matters in a row."""
    each = [seeing_to(word, names) for word in re.findall(_MATTER, matters)]
    return [name for name in (each[0] if each else ()) if all(name in fitting for fitting in each[1:])]


def _by_line(text: str, names: Collection[str]) -> Iterator[Mention]:
    of, line = _lines(tuple(names))
    for match in line.finditer(text) if of else ():
        yield Mention(Span(*match.span()), match[0], (of[match["stem"]],))


@lru_cache(maxsize=64)
def _lines(names: tuple[str, ...]) -> tuple[dict[str, str], re.Pattern[str]]:
    """What each of the bodies is shortly called by, where that is nobody else's: 文旅系统."""
    of = {stem: name for name in names if (stem := stem_of(fold_text(name)))}
    said = dict.fromkeys(word for matters in MATTERS.values() for word in matters if len(word) > 1)
    of |= {word: fitting[0] for word in said if len(fitting := seeing_to(word, names)) == 1}
    stems = "|".join(re.escape(stem) for stem in sorted(of, key=len, reverse=True))
    return of, re.compile(f"(?P<stem>{stems}){_LINE}")
