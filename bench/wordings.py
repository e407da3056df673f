"""What can be asked of documents by their structure: each maker takes a collection and a random choice and gives a question.

A maker gives None where the choice does not allow its kind of question (no unique heading, no number that people would say).
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.document import Clause, Document, Role, Unit
from ingest.fold import fold_text

Key = tuple[str, str]
"""Document id and clause id."""


@dataclass(frozen=True)
class Row:
    """One clause that names responsible units."""

    document: Document
    clause: Clause
    units: tuple[Unit, ...]

    @property
    def key(self) -> Key:
        return (self.document.id, self.clause.id)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.units)


@dataclass(frozen=True)
class Asking:
    """A question with what must come: exactly these clauses and, where given, exactly these units in this order."""

    kind: str
    question: str
    rows: tuple[Row, ...]
    units: tuple[str, ...] | None = None
    subject: str = ""
    verdict: bool | None = None
    named: bool = True
    """Whether the answer has to say which document it speaks of."""


@dataclass(frozen=True)
class Collection:
    """The documents that name responsible units, and where every name, number and phrase of theirs stands."""

    documents: tuple[Document, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> "Collection":
        rows = tuple(
            Row(document, clause, units)
            for document in documents
            for clause in document.clauses
            if (units := document.units_of(clause))
        )
        return cls(tuple(documents), rows)

    @cached_property
    def by_document(self) -> dict[str, tuple[Row, ...]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.document.id, []).append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    @cached_property
    def by_unit(self) -> dict[str, tuple[Row, ...]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            for name in row.names:
                found.setdefault(name, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def texts(self) -> dict[str, str]:
        return {document.id: squeezed(document.text) for document in self.documents}

    def holding(self, phrase: str) -> list[Key]:
        """The clauses whose own text holds the phrase, white space and quotation marks apart."""
        wanted = squeezed(phrase)
        return [
            (document.id, clause.id)
            for document in self.documents
            if wanted in self.texts[document.id]
            for clause in document.clauses
            if wanted in squeezed(document.quote(clause))
        ]

    def names_of(self, document: Document) -> list[str]:
        """The ways to name this document and no other: title, 文号, title without its frame, place; none where it is held twice."""
        whole = sum(squeezed(each.title) == squeezed(document.title) for each in self.documents) == 1
        names = [f"《{document.title}》", f"《{document.title}》", f"“{document.title}”"] if whole else []
        if document.number and sum(each.number == document.number for each in self.documents) == 1:
            names += [document.number, document.number.replace("〔", "[").replace("〕", "]"), f"{document.number}文件"]
        short = short_title(document.title)
        if short and sum(squeezed(short) in squeezed(each.title) for each in self.documents) == 1:
            names += [f"《{short}》", short]
        if document.region and sum(each.region == document.region for each in self.documents) == 1:
            names += [f"{document.region}那份文件", f"{document.region}的那份文件"]
        return names


def squeezed(text: str) -> str:
    return re.sub(r"[\s“”\"'‘’「」『』]", "", fold_text(text))


def short_title(title: str) -> str:
    """The title without issuer and frame: what stands in 《》 of 关于印发《…》的通知, or behind 关于."""
    inner = re.search(r"《([^《》]{6,60})》", title)
    if inner:
        return inner[1]
    behind = re.search(r"关于(?:印发|转发)?([\u4e00-\u9fff、“”（）()\d—-]{6,60})$", title)
    return re.sub(r"的通知$", "", behind[1]) if behind else ""


# ---- one maker for each kind of question


Maker = Callable[[Collection, random.Random], Asking | None]

_DUTIES = (
    "{doc}里{unit}负责哪些任务？",
    "{doc}中{unit}承担哪几项任务",
    "{unit}在{doc}里有哪些任务",
    "{doc}，{unit}要做哪些事？列全",
    "请列出{doc}里{unit}的全部任务",
)
_EVERYWHERE = (
    "所有文件里{unit}分别负责哪些任务？",
    "{unit}在各份文件中都负责哪些任务",
    "库里全部文件，{unit}有哪些任务",
)
_ALONE = ("{unit}负责哪些任务？", "{unit}有哪些任务", "哪几项任务由{unit}负责")
_WHO = (
    "{doc}{number}由谁负责？",
    "{doc}{number}的责任单位有哪些",
    "{doc}的{number}，哪些单位负责",
    "{number}归哪些部门管？我说的是{doc}",
)
_WHO_HEADING = (
    "{doc}里“{words}”由哪些单位负责？",
    "{doc}中“{words}”的责任单位",
    "“{words}”这一项归谁管？文件是{doc}",
)
_WHO_PHRASE = ("{words}，由哪些单位负责？", "{words}归哪些部门管", "谁负责{words}")


def unit_in_document(collection: Collection, chance: random.Random) -> Asking | None:
    document = chance.choice([row.document for row in collection.rows])
    unit = chance.choice(sorted({name for row in collection.by_document[document.id] for name in row.names}))
    rows = tuple(row for row in collection.by_document[document.id] if unit in row.names)
    names = collection.names_of(document)
    if not names:
        return None
    doc = chance.choice(names)
    return Asking("unit_in_document", chance.choice(_DUTIES).format(doc=doc, unit=unit), rows, (unit,), unit)


def unit_everywhere(collection: Collection, chance: random.Random) -> Asking | None:
    unit = chance.choice(
        sorted(name for name, rows in collection.by_unit.items() if len({row.document.id for row in rows}) > 1) or [""]
    )
    if not unit:
        return None
    return Asking(
        "unit_everywhere", chance.choice(_EVERYWHERE).format(unit=unit), collection.by_unit[unit], (unit,), unit
    )


def unit_of_one(collection: Collection, chance: random.Random) -> Asking | None:
    """A unit that one document alone names needs no title."""
    alone = sorted(name for name, rows in collection.by_unit.items() if len({row.document.id for row in rows}) == 1)
    if not alone:
        return None
    unit = chance.choice(alone)
    if any(unit != other and unit in other for other in collection.by_unit):
        return None
    return Asking("unit_of_one", chance.choice(_ALONE).format(unit=unit), collection.by_unit[unit], (unit,), unit)


def number_in_document(collection: Collection, chance: random.Random) -> Asking | None:
    row = chance.choice(collection.rows)
    numbers = _numbers(collection, row)
    if not numbers:
        return None
    names = collection.names_of(row.document)
    if not names:
        return None
    doc = chance.choice(names)
    question = chance.choice(_WHO).format(doc=doc, number=chance.choice(numbers))
    return Asking("number_in_document", question, (row,), row.names)


def heading_in_document(collection: Collection, chance: random.Random) -> Asking | None:
    row = chance.choice(collection.rows)
    title = row.clause.title
    if len(title) < 4 or "”" in title or "“" in title or collection.holding(title).count(row.key) != 1:
        return None
    held = [key for key in collection.holding(title) if key[0] == row.document.id]
    if held != [row.key]:
        return None
    names = collection.names_of(row.document)
    if not names:
        return None
    doc = chance.choice(names)
    question = chance.choice(_WHO_HEADING).format(doc=doc, words=title)
    return Asking("heading_in_document", question, (row,), row.names)


def heading_alone(collection: Collection, chance: random.Random) -> Asking | None:
    row = chance.choice(collection.rows)
    title = row.clause.title
    if len(title) < 6 or "”" in title or "“" in title or collection.holding(title) != [row.key]:
        return None
    wording = chance.choice(("“{words}”由哪些单位负责？", "哪些部门负责“{words}”", "“{words}”的责任单位有哪些"))
    return Asking("heading_alone", wording.format(words=title), (row,), row.names)


def phrase_alone(collection: Collection, chance: random.Random) -> Asking | None:
    """A stretch of a sentence that one clause alone holds, without quotation marks."""
    row = chance.choice(collection.rows)
    text = re.sub(r"[（(][^（）()]*[）)]", "。", row.document.quote(row.clause))
    parts = [
        part
        for part in re.split(r"[^\u4e00-\u9fff、]", text)
        if 10 <= len(part) <= 24 and not re.search(r"负责|牵头|配合|责任|单位|厅|局|委|部", part)
    ]
    if not parts:
        return None
    words = chance.choice(parts).strip("、")
    if collection.holding(words) != [row.key]:
        return None
    return Asking("phrase_alone", chance.choice(_WHO_PHRASE).format(words=words), (row,), row.names)


def membership(collection: Collection, chance: random.Random) -> Asking | None:
    row = chance.choice(collection.rows)
    numbers, names = _numbers(collection, row), collection.names_of(row.document)
    if not numbers or not names:
        return None
    holds = chance.random() < 0.5
    others = sorted({name for each in collection.by_document[row.document.id] for name in each.names} - set(row.names))
    others = [unit for unit in others if not any(unit in own or own in unit for own in row.names)]
    if not holds and not others:
        return None
    unit = chance.choice(row.names if holds else others)
    doc, number = chance.choice(names), chance.choice(numbers)
    wording = chance.choice(
        ("{doc}{number}的责任单位里有没有{unit}？", "{doc}{number}包括{unit}吗", "{unit}是不是{doc}{number}的责任单位")
    )
    return Asking("membership", wording.format(doc=doc, number=number, unit=unit), (row,), subject=unit, verdict=holds)


def two_documents(collection: Collection, chance: random.Random) -> Asking | None:
    shared = sorted(name for name, rows in collection.by_unit.items() if len({row.document.id for row in rows}) > 1)
    if not shared:
        return None
    unit = chance.choice(shared)
    rows = collection.by_unit[unit]
    ids = chance.sample(sorted({row.document.id for row in rows}), 2)
    documents = [next(row.document for row in rows if row.document.id == each) for each in ids]
    if not all(map(collection.names_of, documents)):
        return None
    first, second = (f"《{document.title}》" for document in documents)
    wording = chance.choice(
        ("{first}和{second}里，{unit}分别负责哪些任务？", "{unit}在{first}与{second}中各负责哪些任务")
    )
    kept = tuple(row for row in rows if row.document.id in ids)
    return Asking("two_documents", wording.format(first=first, second=second, unit=unit), kept, (unit,), unit)


def two_clauses(collection: Collection, chance: random.Random) -> Asking | None:
    one, other = chance.choice(collection.rows), chance.choice(collection.rows)
    numbers, more = _numbers(collection, one), _numbers(collection, other)
    named = all(collection.names_of(row.document) for row in (one, other))
    if not named or not numbers or not more or one.document.id == other.document.id:
        return None
    wording = chance.choice(("{a}{m}和{b}{n}分别由谁负责？", "{a}{m}、{b}{n}的责任单位各是哪些"))
    question = wording.format(
        a=f"《{one.document.title}》", m=chance.choice(numbers), b=f"《{other.document.title}》", n=chance.choice(more)
    )
    return Asking("two_clauses", question, (one, other), tuple(dict.fromkeys(one.names + other.names)))


MAKERS: dict[Maker, int] = {
    unit_in_document: 6,
    unit_everywhere: 2,
    unit_of_one: 3,
    number_in_document: 7,
    heading_in_document: 4,
    heading_alone: 3,
    phrase_alone: 3,
    membership: 4,
    two_documents: 2,
    two_clauses: 2,
}
"""Each kind with its share."""


def generate(collection: Collection, count: int, seed: int) -> list[Asking]:
    """``count`` different questions; the same for the same seed and documents."""
    chance, made = random.Random(seed), dict[str, Asking]()
    makers, shares = list(MAKERS), list(MAKERS.values())
    for _ in range(200 * count):
        if len(made) == count:
            break
        asking = chance.choices(makers, shares)[0](collection, chance)
        if asking is not None and asking.question not in made:
            made[asking.question] = asking
    return list(made.values())


# ---- the numbers that people would say for a clause

_SECTION = re.compile(r"^([一二三四五六七八九十]+)\(([一二三四五六七八九十]+)\)(\d+)?$")
_DIGITS = "零一二三四五六七八九十"


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (
        _DIGITS[number]
        if number <= 10
        else ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
    )


def _numbers(collection: Collection, row: Row) -> list[str]:
    """Every number that means this clause and no other of its document."""
    document, clause = row.document, row.clause
    if sum(each.label == clause.label for each in document.clauses) > 1:
        return []
    if clause.task is not None:
        same = [each for each in document.clauses if each.task == clause.task]
        said = [f"第{clause.task}项", f"第{clause.task}条"] + (
            [f"任务{chinese(clause.task)}", f"第{chinese(clause.task)}项"] if clause.task < 100 else []
        )
        return said if len(same) == 1 else []
    if match := _SECTION.match(clause.label):
        first, second, third = match.groups()
        if third:
            return [
                f"{first}({second}){third}",
                f"{first}（{second}）第{third}项",
                f"第{first}部分（{second}）第{third}项",
            ]
        return [
            clause.label,
            f"第{first}部分第（{second}）条",
            f"{first}、（{second}）",
            *_single(collection, row, second),
        ]
    if re.fullmatch(r"第[一二三四五六七八九十]+条", clause.label):
        return [clause.label]
    return []


def _single(collection: Collection, row: Row, number: str) -> list[str]:
    """第3项, 任务三 in a document whose tasks are numbered （一）（二） in one part only."""
    if row.document.tasks():
        return []
    rows = collection.by_document[row.document.id]
    labels = [_SECTION.match(each.clause.label) for each in rows]
    parts = Counter(label[1] for label in labels if label and not label[3])
    if len(parts) != 1 or not all(label and not label[3] for label in labels):
        return []
    count = _DIGITS.find(number) if len(number) == 1 else 0
    return [f"第（{number}）项", *([f"第{count}项", f"任务{number}"] if count > 0 else [])]


def leads(row: Row) -> tuple[str, ...]:
    return tuple(unit.name for unit in row.units if unit.role is Role.LEAD)
