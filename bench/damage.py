"""How well lost characters are put back: damage real documents on purpose, read them, compare.

usage: python bench/damage.py FILE… [--share 0.1] [--seed 1] [--show 5]

Web pages lose text nodes of one character between runs (年, 月, 〕, 、, the closing bracket, the final colon). Each rule
has a generator that knows where such a character stands in a sound text. A share of those places is damaged, in full-width
and in half-width copies of every file; then every sure repair must restore exactly what stood there.

recall     damaged places that one reading alone explains and that were restored / all such places
precision  sure repairs that restored a damaged place / all sure repairs
clean      sure repairs in the undamaged files: each is a false alarm or a loss that the source itself has

The outline is measured too: the share of clause labels that survive when all line breaks are lost, when lines are wrapped
at 60 characters, and when every bracket at the end of a paragraph is lost.
"""

import argparse
import hashlib
import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.dates import possible_dates
from ingest.document import Certainty, Document, RawText, Repair, Source, Span
from ingest.parse import parse


@dataclass(frozen=True)
class Loss:
    """Characters that go: ``span`` in the sound text is replaced by ``left``; ``rule`` is the rule that should mend it."""

    span: Span
    left: str
    rule: str


def main() -> None:
    arguments = _arguments()
    chance = random.Random(arguments.seed)
    texts = dict(text for name in arguments.files for text in _texts(Path(name)))
    _report_repairs(texts, chance, arguments.share, arguments.show)
    _report_outline(texts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--share", type=float, default=0.1, help="share of the possible places that are damaged")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=5, help="mistakes shown for each rule")
    return parser.parse_args()


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """A text file, or the texts of a .jsonl file with "id" and "text"."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".jsonl":
        yield path.name, content
        return
    for line in content.splitlines():
        row = json.loads(line)
        yield row["id"], row["text"]


def read(text: str, name: str = "bench") -> Document:
    source = Source(name, "txt", "utf-8", hashlib.sha256(text.encode()).hexdigest())
    return parse(RawText(text, source), document_id=name)


_HALF_WIDTH = str.maketrans("，（）：；", ",():;")
COLON, NUMBER, SEPARATOR, BRACKET, DATE = (
    "补主送机关后的冒号",
    "补文号中的括号",
    "补责任单位之间的顿号",
    "补责任条款的括号",
    "补日期中的年月日",
)


def _colons(document: Document) -> Iterator[Loss]:
    span = dict(document.spans).get("addressees")
    if span and re.match(r"[：:]\s*\n\s*(?:为|根据|按照|现将|经|近年|依据|《)", document.text[span.end :]):
        yield Loss(Span(span.end, span.end + 1), "", COLON)


def _number_brackets(document: Document) -> Iterator[Loss]:
    for match in re.finditer(r"(?<=[\u4e00-\u9fff])[〔\[](?:19|20)\d\d([〕\]])\d{1,4}号", document.text):
        yield Loss(Span(*match.span(1)), "", NUMBER)


def _separators(document: Document) -> Iterator[Loss]:
    for responsibility in document.responsibilities:
        for one, other in zip(responsibility.units, responsibility.units[1:], strict=False):
            if one.span and other.span and document.text[one.span.end : other.span.start] == "、":
                yield Loss(Span(one.span.end, other.span.start), "", SEPARATOR)


def _closing_brackets(document: Document) -> Iterator[Loss]:
    label = re.compile(r"[（(](?:责任|牵头|配合|负责)(?:单位|部门)[:：]")
    for responsibility in document.responsibilities:
        end = responsibility.span.end
        at_end_of_line = not document.text[end : end + 200].split("\n")[0].strip()
        if label.match(responsibility.text) and responsibility.text[-1] in "）)" and at_end_of_line:
            yield Loss(Span(end - 1, end), "", BRACKET)


def _dates(document: Document) -> Iterator[Loss]:
    """年 and 月, in a date line also 日, where the digits alone can be only this date."""
    for match in re.finditer(r"(?<![0-9])((?:19|20)[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日", document.text):
        if len(possible_dates(match[1], match[2] + match[3])) != 1:
            continue
        line_end = document.text.find("\n", match.end())
        before = document.text[document.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        after = document.text[match.end() : line_end if line_end >= 0 else None]
        whole_line = not before.strip() and not after.strip()
        yield Loss(Span(*match.span()), match[1] + match[2] + match[3] + ("" if whole_line else "日"), DATE)


GENERATORS: tuple[Callable[[Document], Iterator[Loss]], ...] = (
    _colons,
    _number_brackets,
    _separators,
    _closing_brackets,
    _dates,
)


def damage(text: str, losses: Sequence[Loss]) -> tuple[str, list[int]]:
    """The damaged text and where each loss stands in it."""
    pieces, positions, at, length = [], [], 0, 0
    for loss in losses:
        kept = text[at : loss.span.start]
        length += len(kept)
        positions.append(length)
        pieces += [kept, loss.left]
        length += len(loss.left)
        at = loss.span.end
    return "".join([*pieces, text[at:]]), positions


def _chosen(document: Document, chance: random.Random, share: float) -> list[Loss]:
    losses = sorted((loss for generator in GENERATORS for loss in generator(document)), key=lambda loss: loss.span)
    chosen: list[Loss] = []
    for loss in losses:
        if chance.random() < share and (not chosen or loss.span.start > chosen[-1].span.end):
            chosen.append(loss)
    return chosen


def _report_repairs(texts: dict[str, str], chance: random.Random, share: float, show: int) -> None:
    damaged, restored, sure, right, clean = (Counter[str]() for _ in range(5))
    shown: Counter[str] = Counter()
    for name, original in texts.items():
        for text in (original, original.translate(_HALF_WIDTH)):
            document = read(text, name)
            source_losses = [repair for repair in document.repairs if repair.certainty is Certainty.SURE]
            clean.update(repair.rule for repair in source_losses)
            losses = _chosen(document, chance, share)
            broken, positions = damage(text, losses)
            known = {repair.found for repair in source_losses}
            repairs = [
                one for one in read(broken, name).repairs if one.certainty is Certainty.SURE and one.found not in known
            ]
            right_ones = [one for one in repairs if _plain(one.repaired) in _sound(text, losses, positions, one)]
            hits = [_mended(loss, position, right_ones) for loss, position in zip(losses, positions, strict=True)]
            for loss, mended in zip(losses, hits, strict=True):
                damaged[loss.rule] += 1
                restored[loss.rule] += mended
                if not mended and shown[loss.rule] < show:
                    shown[loss.rule] += 1
                    print(f"- 未修复 {name} {loss.rule}: {text[loss.span.start - 25 : loss.span.end + 25]!r}")
            for repair in repairs:
                sure[repair.rule] += 1
                right[repair.rule] += repair in right_ones
                if repair not in right_ones and shown["!" + repair.rule] < show:
                    shown["!" + repair.rule] += 1
                    near = broken[max(0, repair.span.start - 15) : repair.span.end + 15]
                    print(f"- 误修复 {name} {repair.rule}: {near!r} → {repair.repaired}")
    for rule in (COLON, NUMBER, SEPARATOR, BRACKET, DATE):
        recall, precision = restored[rule] / max(1, damaged[rule]), right[rule] / max(1, sure[rule])
        print(
            f"{rule}: damaged {damaged[rule]}, recall {recall:.4f}, sure repairs {sure[rule]}, "
            f"precision {precision:.4f}, in undamaged texts {clean[rule]}"
        )


def _mended(loss: Loss, position: int, repairs: Sequence[Repair]) -> bool:
    """Whether a right repair by the rule for this loss covers or touches the place."""
    return any(
        repair.rule == loss.rule and repair.span.start <= position + len(loss.left) and position <= repair.span.end
        for repair in repairs
    )


def _plain(text: str) -> str:
    """Without the difference of full and half width: a lost sign's width cannot be known where a text mixes them."""
    return unicodedata.normalize("NFKC", text)


def _sound(text: str, losses: Sequence[Loss], positions: Sequence[int], repair: Repair) -> set[str]:
    """What stood in the sound text where the repair stands, without and with what was lost right at its edges.

    A repair that puts nothing back does not occur, so reading as the sound text did means that it is right.
    """
    start, end = repair.span
    shifts = {"before": 0, "at start": 0, "inside": 0, "at end": 0}
    for loss, position in zip(losses, positions, strict=True):
        growth = (loss.span.end - loss.span.start) - len(loss.left)
        if position + len(loss.left) <= start and position < start:
            shifts["before"] += growth
        elif position == start and not loss.left:
            shifts["at start"] += growth
        elif position < end:
            shifts["inside"] += growth
        elif position == end:
            shifts["at end"] += growth
    begin = start + shifts["before"]
    after = end + shifts["before"] + shifts["at start"] + shifts["inside"]
    starts = {begin, begin + shifts["at start"]}
    if start == end:  # an insertion: everything lost here is what it may put back
        return {_plain(text[begin : begin + shifts["at start"]])}
    return {_plain(text[first:last]) for first in starts for last in (after, after + shifts["at end"])}


_VARIANTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("half-width punctuation", lambda text: text.translate(_HALF_WIDTH)),
    ("all line breaks lost", lambda text: re.sub(r"[ \t　]*\n[ \t　]*", "", text)),
    (
        "lines wrapped at 60",
        lambda text: "\n".join(re.sub(r"(.{60})(?=.)", r"\1\n", line) for line in text.split("\n")),
    ),
    ("closing brackets at line ends lost", lambda text: re.sub(r"[）)](?=[ \t　]*(?:\n|\Z))", "", text)),
)


def _report_outline(texts: dict[str, str]) -> None:
    lined = {name: text for name, text in texts.items() if text.strip().count("\n") > 15}
    print(f"clause labels kept, {len(lined)} files with line breaks:")
    for title, change in _VARIANTS:
        kept = total = units_kept = units_total = 0
        for name, text in lined.items():
            before, after = read(text, name), read(change(text), name)
            labels = {clause.label for clause in after.clauses if clause.section != clause.label or clause.task}
            wanted = [clause for clause in before.clauses if clause.section != clause.label or clause.task]
            kept += sum(clause.label in labels for clause in wanted)
            total += len(wanted)
            units = {(one.clause_id, unit.name) for one in after.responsibilities for unit in one.units}
            wanted_units = {(one.clause_id, unit.name) for one in before.responsibilities for unit in one.units}
            units_kept += len(units & wanted_units)
            units_total += len(wanted_units)
        print(
            f"  {title}: labels {kept / max(1, total):.4f}, units at their clause {units_kept / max(1, units_total):.4f}"
        )


if __name__ == "__main__":
    main()
