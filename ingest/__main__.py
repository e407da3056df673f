"""``python -m ingest parse FILE… [--json]``."""

import argparse
import json
import sys
from collections.abc import Sequence

from ingest.errors import IngestError


def main(argv: Sequence[str] | None = None) -> int:
    """Parse every file; one that cannot be read is reported and does not stop the others."""
    arguments = _arguments().parse_args(argv)
    failed = False
    for source in arguments.files:
        try:
            _print(source, arguments.json)
        except IngestError as error:
            print(error, file=sys.stderr)
            failed = True
    return 1 if failed else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest", description="读取政策文件，列出条款、任务和责任单位。")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    parse = commands.add_parser("parse", help="读取文件并打印提纲与审计，或每份文件一行 JSON")
    parse.add_argument("files", nargs="+", metavar="FILE", help="文件路径或网址")
    parse.add_argument("--json", action="store_true", help="每份文件输出一行 JSON")
    return parser


def _print(source: str, as_json: bool) -> None:
    from ingest.load import load  # after --help has answered

    for document in load(source):
        if as_json:
            from ingest.exchange import to_json

            print(json.dumps(to_json(document), ensure_ascii=False))
        else:
            from ingest.view import outline_view

            print(outline_view(document))


if __name__ == "__main__":
    sys.exit(main())
