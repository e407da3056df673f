"""The readers of questions and of files, fuzzed where coverage leads the mutation (atheris; Linux): ``pip install atheris==3.0.0``.

python -m bench.fuzz_coverage question --data data --runs 20000 [--seed 1]
python -m bench.fuzz_coverage txt|md|html|csv|docx|xlsx|ofd|pdf --runs 20000

It begins from the exams' questions, or from the seed and the tests' files of that format. Ends at the first input that gives anything
but an answer, a document or one sentence, or that takes over ``--seconds``; the input is then in a file ``crash-…`` or ``timeout-…``.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["assistant", "ingest"]):
    from assistant.ask import LONGEST_QUESTION, Assistant
    from bench.fuzz_questions import fault_of
    from ingest.errors import IngestError
    from ingest.load import document_of
    from ingest.read import read_bytes

from bench.served import ROOT, questions
from index.search import Index

FORMATS = ("txt", "md", "html", "csv", "docx", "xlsx", "ofd", "pdf")
_FILES = ROOT / "tests" / "ingest" / "files"
_SEED = ROOT / "seeds" / "wuhan-2021-service-outsourcing.txt"


def asked(assistant: Assistant, seconds: float, given: bytes) -> None:
    text = given.decode("utf-8", "replace")[:LONGEST_QUESTION]
    if fault := fault_of(assistant, text, (), answers=False, seconds=seconds):
        raise AssertionError(fault)


def read(suffix: str, seconds: float, given: bytes) -> None:
    began = time.process_time()
    try:
        for raw in read_bytes(given, f"fuzz.{suffix}"):
            document_of(raw)
    except IngestError as error:
        if not str(error).endswith("。"):
            raise AssertionError(f"no sentence: {error}") from error
    if (took := time.process_time() - began) > seconds:
        raise AssertionError(f"{took:.1f} s of processor")


def corpus(what: str, folder: Path) -> None:
    if what == "question":
        texts = [turn.encode() for turns in questions() for turn in turns]
    else:
        texts = [path.read_bytes() for path in sorted(_FILES.glob(f"*.{what}"))]
        texts += [_SEED.read_bytes()[:3000]] if what in ("txt", "md", "html", "csv") else []
    for number, text in enumerate(texts):
        (folder / str(number)).write_bytes(text)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("question", *FORMATS))
    parser.add_argument("--data", type=Path, default=Path("data"), help="a built knowledge base, for questions")
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=5, help="of processor")
    options = parser.parse_args(argv)
    one: Callable[[bytes], None] = partial(read, options.what, options.seconds)
    if options.what == "question":
        assistant = Assistant(Index.open(options.data))
        assistant.ask("第1项由谁负责")
        one = partial(asked, assistant, options.seconds)
    folder = tempfile.mkdtemp(prefix="coverage-")  # the fuzzer ends the process itself
    corpus(options.what, Path(folder))
    longest = 1000 if options.what == "question" else 200_000
    given = [
        f"-atheris_runs={options.runs}",
        f"-seed={options.seed}",
        f"-max_len={longest}",
        "-timeout=1200",
    ]
    atheris.Setup([sys.argv[0], *given, folder], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
