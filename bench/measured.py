"""One assistant, many questions: each answer with what is wrong with it, and what it took."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Answer
from assistant.ask import Assistant
from index.search import Index
from index.settings import Settings
from ingest.errors import AssistantError

NO_ANSWER = "no_answer"
"""The kind of what stands in for an answer where the assistant gave an error."""

WARM_UP = ("第1项由谁负责", "文件的依据是什么", "人才")


@dataclass(frozen=True)
class Asked:
    """One question with its answer. ``expected`` are lines for people; ``faults`` is empty when all is right."""

    id: str
    kind: str
    turns: tuple[str, ...]
    expected: tuple[str, ...]
    answer: Answer
    faults: tuple[str, ...]
    milliseconds: float
    cpu_milliseconds: float
    should_refuse: bool = False


@dataclass(frozen=True)
class Timed:
    answer: Answer
    milliseconds: float
    cpu_milliseconds: float


def opened(data: Path, documents: Sequence[str], environment: Mapping[str, str]) -> Assistant:
    """The assistant on this knowledge base, narrowed to these documents where any are given."""
    settings = Settings.from_env(environment)
    index = Index.open(data, model=settings.model)
    if unknown := set(documents) - {document.id for document in index.documents()}:
        raise AssistantError(f"知识库里没有文件“{min(unknown)}”，请用 python -m index list 查看文件编号。")
    return Assistant(index, documents=tuple(documents) or None)


def warmed(assistant: Assistant) -> Assistant:
    for question in WARM_UP:
        assistant.ask(question)
    return assistant


def timed(assistant: Assistant, turns: Sequence[str]) -> Timed:
    """The last turn answered in the light of the others, with wall and processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        answer = assistant.ask(turns[-1], turns[:-1])
    except AssistantError as error:
        answer = Answer(answer=str(error), kind=NO_ANSWER)
    return Timed(answer, (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def table(asked: Sequence[Asked]) -> str:
    """Right and asked by kind, refusals both ways, and times."""
    kinds: dict[str, list[bool]] = {}
    for each in asked:
        kinds.setdefault(each.kind, []).append(not each.faults)
    lines = [f"{'kind':24s} right/asked  share"]
    lines += [
        f"{kind:24s} {sum(marks):5d}/{len(marks):<5d} {sum(marks) / len(marks):.3f}" for kind, marks in kinds.items()
    ]
    right = sum(not each.faults for each in asked)
    lines.append(f"{'all':24s} {right:5d}/{len(asked):<5d} {right / max(1, len(asked)):.3f}")
    answered = sum(each.should_refuse and not each.answer.refused for each in asked)
    refused = sum(not each.should_refuse and each.answer.refused for each in asked)
    unanswerable = sum(each.should_refuse for each in asked)
    lines.append(
        f"unanswerable but answered {answered}/{unanswerable}; answerable but refused {refused}/{len(asked) - unanswerable}"
    )
    lines.append(times(asked))
    return "\n".join(lines)


def times(asked: Sequence[Asked | Timed]) -> str:
    """p50 and p95 of one whole answer, warm."""
    wall, cpu = [each.milliseconds for each in asked], [each.cpu_milliseconds for each in asked]
    return "warm answer: " + ", ".join(
        f"p{round(share * 100)} {percentile(wall, share):.1f} ms (processor {percentile(cpu, share):.1f} ms)"
        for share in (0.5, 0.95)
    )


def print_misses(asked: Sequence[Asked], most: int) -> None:
    """The first misses, short, for the terminal."""
    for each in [one for one in asked if one.faults][:most]:
        cited = ", ".join(f"{citation.document_id}:{citation.label}" for citation in each.answer.citations)
        print(
            f"- {each.id} {' / '.join(each.turns)}\n    {'; '.join(each.faults)}\n    expected {' | '.join(each.expected)}"
        )
        print(
            f"    got {cited or '-'} {list(each.answer.units)} refused={each.answer.refused}: {each.answer.answer[:120]!r}"
        )
