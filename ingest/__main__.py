"""``python -m ingest parse FILE… [--json]``."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import IngestError
from ingest.usage import Parser

if TYPE_CHECKING:
    from ingest.document import Document

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def main(argv: Sequence[str] | None = None) -> int:
    """Parse every file; one that cannot be read is reported and does not stop the others."""
    arguments = _arguments().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        return _parse(arguments)
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parse(arguments: argparse.Namespace) -> int:
    from ingest.catalog import Catalog  # heavy for --help, which has answered by now
    from ingest.directory import UnitDirectory
    from ingest.load import load

    failed = False
    try:
        catalog = Catalog.load(SEEDS) if (SEEDS / "catalog.toml").exists() else None
        directory = UnitDirectory.load(arguments.units) if arguments.units else None
        show = _printer(arguments.json)
    except IngestError as error:
        print(error, file=sys.stderr)
        return 1
    for source in arguments.files:
        try:
            for document in load(source, catalog=catalog, directory=directory):
                print(show(document))
        except IngestError as error:
            print(error, file=sys.stderr)
            failed = True
    sys.stdout.flush()
    return 1 if failed else 0


def _printer(as_json: bool) -> "Callable[[Document], str]":
    if as_json:
        from ingest.exchange import to_json

        return lambda document: json.dumps(to_json(document), ensure_ascii=False)
    from ingest.view import outline_view

    return outline_view


def _arguments() -> Parser:
    about = "读取政策文件，列出条款、任务、责任单位、修复和审计。"
    parser = Parser(prog="python -m ingest", description=about)
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", title="命令")
    parse = commands.add_parser("parse", help="读取文件", description=about)
    parse.add_argument("files", nargs="+", metavar="FILE", help="文件路径或网址，可写多个")
    parse.add_argument("--json", action="store_true", help="每份文件输出一行 JSON；不写则输出便于阅读的提纲和审计")
    parse.add_argument("--units", metavar="FILE", help="单位名录（units.toml），用来指出不认识的单位名称")
    return parser


if __name__ == "__main__":
    sys.exit(main())
