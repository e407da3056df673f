"""Questions made by chance and by mutation, read and answered in this process: nothing but an answer or one clear sentence may come.

python -m bench.fuzz_questions --data data --count 100000 [--seed 1] [--seconds 2]

Pieces of the exams' questions are cut, doubled, mixed with signs that trip up parsers, and asked with and without a past. Every
question is read (``read_question``), one in ten is also answered. Exit 1 for an error that is no sentence of ours, for more than
``--seconds`` of processor on one question, or for an answer that cites what is not in its document.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.ask import LONGEST_QUESTION, Assistant
from bench.served import load, questions
from bench.spoilt import NASTY
from index.search import Index
from ingest.errors import KnowledgeBaseError

SIGNS = [*"第一二三十百零〇0189、，。；：？！“”《》〔〕（）()[]<>%…—～ \t\n\u3000", "\u200b", "\u202e", "\ufeff", "\0", "\ud800", "ﷺ", "㍿", "①", "𝟕"]  # fmt: skip


class Questions:
    """The same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._asked = [each for turns in questions() for each in turns]

    def one(self) -> str:
        chance = self._chance
        text = chance.choice(self._asked) if chance.random() < 0.9 else chance.choice(NASTY)
        for _ in range(chance.choice([0, 1, 2, 5])):
            start = chance.randrange(len(text) + 1)
            end = min(len(text), start + chance.randrange(1, 12))
            match chance.randrange(6):
                case 0:
                    text = text[:start] + text[end:]
                case 1:
                    text = text[:start] + text[start:end] * chance.choice([2, 3, 40]) + text[end:]
                case 2:
                    text = text[:start] + chance.choice(SIGNS) * chance.choice([1, 1, 3, 200]) + text[start:]
                case 3:
                    other = chance.choice([*self._asked, *NASTY])
                    text = text[:start] + other[: chance.randrange(len(other) + 1)]
                case 4:
                    text = text[:start] + chr(chance.randrange(1, 0x30000)) + text[end:]
                case 5:
                    text = text[start:] + text[:start]
        return text[: LONGEST_QUESTION + 20]

    def turns(self) -> tuple[str, list[str]]:
        return self.one(), [self.one() for _ in range(self._chance.choice([0, 0, 1, 3]))]


def fault_of(assistant: Assistant, question: str, history: Sequence[str], *, answers: bool, seconds: float) -> str:
    """What is wrong with how this question is taken, "" for nothing."""
    began = time.process_time()
    try:
        if answers:
            answer = assistant.ask(question, history)
            answer.answer.encode()
            for citation in answer.citations:
                text = assistant.index.document(citation.document_id).text
                if text[slice(*citation.span)] == "":
                    return f"cites nothing at {citation.span}"
        else:
            assistant._read(question, assistant.scope())
    except KnowledgeBaseError as error:
        if not str(error).endswith("。"):
            return f"no sentence: {error}"
    except Exception as error:  # noqa: BLE001 — whatever comes is a finding
        return repr(error)[:300]
    took = time.process_time() - began
    return f"{took:.1f} s of processor" if took > seconds else ""


def fuzz(assistant: Assistant, count: int, seed: int, seconds: float) -> list[str]:
    made, faults = Questions(seed), []
    for number in range(count):
        question, history = made.turns()
        if fault := fault_of(assistant, question, history, answers=number % 10 == 0, seconds=seconds):
            faults.append(f"{question[:120]!r} {[each[:40] for each in history]!r} → {fault}")
            print(f"{number}: {faults[-1]}", file=sys.stderr, flush=True)
        if number % 1000 == 999:
            print(f"{number + 1} read, {len(faults)} faults, load {load()}", file=sys.stderr, flush=True)
    return faults


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("data"), help="a built knowledge base")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args(argv)
    with Index.open(options.data) as index:
        began = time.process_time()
        assistant = Assistant(index)
        assistant.ask("第1项由谁负责")
        faults = fuzz(assistant, options.count, options.seed, options.seconds)
    print(f"{options.count} questions, {time.process_time() - began:.0f} s of processor, load {load()}")
    for fault in faults[:30]:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
