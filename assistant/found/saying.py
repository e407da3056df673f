"""How a clause, its units and their parts are called in a sentence; with its document where several are held."""

from collections import Counter
from collections.abc import Sequence

from assistant.found.finding import Evidence
from assistant.found.roles import NAMES
from ingest.document import Role


def name_of(evidence: Evidence) -> str:
    """How a clause is called in a sentence: 第7项任务“支持业务运营服务外包”, with its document where that may be in doubt."""
    return titled(evidence) + called(evidence)


def titled(evidence: Evidence) -> str:
    """《…》 where several documents are held; nothing where there is only one."""
    return f"《{evidence.document.title}》" if evidence.among_others else ""


def called(evidence: Evidence) -> str:
    """The clause without its document."""
    clause = evidence.clause
    title = f"“{clause.title}”" if clause.title and clause.title != clause.label else ""
    if clause.task is not None and clause.label.endswith(f"任务{clause.task}"):
        return f"{clause.label.removesuffix(f'任务{clause.task}')}第{clause.task}项任务{title}"
    return f"{clause.label}{title}" if title else f"“{clause.label}”部分"


def mark(evidence: Evidence) -> str:
    return f"〔{evidence.clause.label}〕"


def units_phrase(evidence: Evidence) -> str:
    """责任单位共7家：… or, where the document says so, 牵头单位：…；责任单位：…."""
    units = evidence.units
    if any(unit.role is not Role.RESPONSIBLE for unit in units):
        said = [
            f"{word}单位：" + "、".join(unit.name for unit in units if unit.role is role)
            for role, word in NAMES.items()
            if any(unit.role is role for unit in units)
        ]
        return "；".join(said)
    return f"责任单位共{len(units)}家：" + "、".join(unit.name for unit in units)


def part_of(name: str, evidence: Evidence) -> str:
    """The unit's part in the clause in one word: 牵头, 责任, 配合, 参与."""
    return next(
        (word for unit in evidence.units if unit.name == name for role, word in NAMES.items() if unit.role is role), ""
    )


def listing(evidence: Sequence[Evidence]) -> str:
    """第1项、第2项, document by document where several are cited."""
    by_title: dict[str, list[str]] = {}
    for item in evidence:
        clause = item.clause
        short = (
            f"第{clause.task}项" if clause.task is not None and clause.label == f"任务{clause.task}" else clause.label
        )
        by_title.setdefault(titled(item), []).append(short)
    return "；".join(title + "、".join(items) for title, items in by_title.items())


def duties_of(subject: str, names: Sequence[str], evidence: Sequence[Evidence]) -> str:
    """X列为责任单位的任务共3项：…; where X leads or only takes part in some of them, that is counted apart."""
    parts = Counter(part_of(names[0], item) for item in evidence) if len(names) == 1 else Counter()
    if set(parts) <= {"责任"}:
        return f"{subject}列为责任单位的任务共{len(evidence)}项：{listing(evidence)}。"
    said = [
        f"{'列为责任单位' if word == '责任' else word}{parts[word]}项：{listing([item for item in evidence if part_of(names[0], item) == word])}"
        for _, word in NAMES.items()
        if parts[word]
    ]
    return f"{subject}有任务的共{len(evidence)}项，其中" + "；".join(said) + "。"


def part_counts(names: Sequence[str], evidence: Sequence[Evidence]) -> set[str]:
    """The figures that ``duties_of`` states."""
    return {str(count) for count in Counter(part_of(names[0], item) for item in evidence).values()} if names else set()
