"""Questions made by script from whatever documents a knowledge base holds, judged by exact sets of clauses and units.

python -m bench.generated --data DIR [--count 40] [--seed 1]… [--report FILE.html] [--show N]

Unit → clauses, clause → units, yes or no, two documents at once; documents named by title, 文号, short title or region, or not
at all where that is clear. The gold is the documents' structure as it was read: what is judged is understanding and looking up.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from assistant.ask import Assistant
from bench import measured
from bench.exact import faults
from bench.measured import Asked
from bench.questions import add_options, tell
from bench.wordings import Asking, Collection, generate
from ingest.errors import KnowledgeBaseError


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--count", type=int, default=40, help="questions for each seed")
    parser.add_argument("--seed", type=int, action="append", help="start of the random choice; may be repeated")
    options = parser.parse_args(argv)
    try:
        assistant = measured.warmed(measured.opened(options.data, options.document, os.environ))
    except KnowledgeBaseError as error:
        print(error, file=sys.stderr)
        return 1
    collection = Collection.of(assistant.scope().originals.documents)
    if not collection.rows:
        print("知识库里没有写明责任单位的文件，出不了题；请先用 python -m index build 导入。", file=sys.stderr)
        return 1
    asked: list[Asked] = []
    for seed in options.seed or [1]:
        own = answered(assistant, collection, generate(collection, options.count, seed), name=str(seed))
        print(f"seed {seed}: {sum(not each.faults for each in own)}/{len(own)}")
        asked += own
    return tell(assistant, asked, options, "按文件结构生成的题")


def answered(assistant: Assistant, collection: Collection, askings: Sequence[Asking], *, name: str) -> list[Asked]:
    """Every question answered and judged."""
    several, asked = len(collection.documents) > 1, []
    for number, asking in enumerate(askings, 1):
        timed = measured.timed(assistant, [asking.question])
        asked.append(
            Asked(
                id=f"{name}-{number}",
                kind=asking.kind,
                turns=(asking.question,),
                expected=_expected(asking),
                answer=timed.answer,
                faults=tuple(faults(asking, timed.answer, several=several)),
                milliseconds=timed.milliseconds,
                cpu_milliseconds=timed.cpu_milliseconds,
            )
        )
    return asked


def _expected(asking: Asking) -> tuple[str, ...]:
    rows = tuple(f"《{row.document.title}》{row.clause.label}：{'、'.join(row.names)}" for row in asking.rows)
    units = (f"责任单位：{'、'.join(asking.units)}",) if asking.units is not None else ()
    verdict = () if asking.verdict is None else ("应答：是" if asking.verdict else "应答：不是",)
    return verdict + units + rows


if __name__ == "__main__":
    sys.exit(main())
