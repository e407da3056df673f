"""Command line: python -m assistant ask | batch | matrix | propose | mcp | password. Heavy parts are imported only once a command runs."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.usage import Parser

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.ask import Assistant

DESCRIPTION = "向政策知识库提问：答出条款、任务编号和全部责任单位，并附原文。"


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 on success, 1 on a fault of input or state, 2 on wrong usage."""
    from ingest.errors import KnowledgeBaseError

    arguments = _parser(os.environ).parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except KnowledgeBaseError as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, BrokenPipeError):
        return 1


def _parser(environment: Mapping[str, str]) -> Parser:
    parser = Parser(prog="python -m assistant", description=DESCRIPTION)
    common = Parser(add_help=False)
    common.add_argument(
        "--data",
        type=Path,
        default=Path(environment.get("POLICY_DATA") or "data"),
        help="知识库所在文件夹（默认 data）",
    )
    chosen = Parser(add_help=False)
    chosen.add_argument(
        "--document", action="append", metavar="编号", help="只依据这份文件（python -m index list 列出编号）；可写多次"
    )
    commands = parser.add_subparsers(required=True, metavar="命令", title="命令")
    ask = commands.add_parser("ask", parents=[common, chosen], help="回答一个问题；不写问题则连续对话")
    ask.add_argument("question", nargs="?", help="问题；省略时进入对话")
    ask.add_argument("--json", action="store_true", help="输出 JSON")
    ask.set_defaults(run=_ask)
    batch = commands.add_parser(
        "batch", parents=[common, chosen], help="从标准输入逐行读 {id, turns}，逐行输出答案 JSON"
    )
    batch.add_argument("--model", action="store_true", help="让所设的语言模型也作说明（默认不用，结果可以复现）")
    batch.set_defaults(run=_batch)
    matrix = commands.add_parser("matrix", parents=[common, chosen], help="责任单位 × 任务分工表，或一个单位的任务")
    matrix.add_argument("--unit", help="只列这个单位的任务（简称、全称、旧称均可）")
    matrix.add_argument("--out", type=Path, help="写入 .xlsx、.docx 或 .csv 文件")
    matrix.set_defaults(run=_matrix)
    propose = commands.add_parser(
        "propose", parents=[common], help="让语言模型为一个文件的条款提议相似问，写成文件待审"
    )
    propose.add_argument("document", help="文件的编号")
    propose.add_argument(
        "--per-clause", type=int, default=9, choices=range(1, 31), metavar="N", help="每条最多几句（默认 9）"
    )
    propose.add_argument("--out", type=Path, required=True, help="写入的 .jsonl 或 .xlsx 文件")
    propose.set_defaults(run=_propose)
    mcp = commands.add_parser("mcp", parents=[common], help="作为 MCP 服务，在标准输入输出上应答（给别的助手调用）")
    mcp.set_defaults(run=_mcp)
    password = commands.add_parser("password", help="输入一个口令，输出可以写进口令文件的 scrypt 行")
    password.set_defaults(run=_password)
    return parser


def _mcp(arguments: argparse.Namespace) -> int:
    from assistant.api.stdio import serve
    from index.settings import Settings

    serve(_open(arguments.data, explained=True), Settings.from_env(os.environ).home(arguments.data))
    return 0


def _password(_arguments: argparse.Namespace) -> int:
    from getpass import getpass

    from assistant.accounts.password import Password
    from ingest.errors import AssistantError

    typed = getpass("口令：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not typed.strip():
        raise AssistantError("没有输入口令，请重新运行并输入。")
    print(Password.of(typed).line)
    return 0


def _open(data: Path, documents: Sequence[str] | None = None, *, explained: bool = False) -> "Assistant":
    from assistant.ask import Assistant
    from assistant.model.llm_settings import endpoint_from_env, rephrase_from_env
    from index.search import Index
    from index.settings import Settings
    from ingest.errors import AssistantError

    model = endpoint_from_env(os.environ) if explained else None
    settings = Settings.from_env(os.environ)
    index = Index.open(
        settings.home(data), model=settings.model, chroma=settings.chroma_url, reranker=settings.reranker
    )
    if unknown := set(documents or ()) - {document.id for document in index.documents()}:
        raise AssistantError(f"知识库里没有文件“{min(unknown)}”，请用 python -m index list 查看文件编号。")
    chosen, rephrase = tuple(documents) if documents else None, rephrase_from_env(os.environ)
    return Assistant(index, documents=chosen, model=model, rephrase=rephrase)


def _ask(arguments: argparse.Namespace) -> int:
    assistant = _open(arguments.data, arguments.document, explained=True)
    if arguments.question is not None:
        _print(assistant, arguments.question, (), as_json=arguments.json)
        return 0
    history: list[str] = []
    while True:
        try:
            question = input("问：").strip()
        except EOFError:
            return 0
        if not question:
            return 0
        _print(assistant, question, history, as_json=arguments.json)
        history.append(question)


def _print(assistant: "Assistant", question: str, history: Sequence[str], *, as_json: bool) -> None:
    from assistant.answer import to_json

    answer = assistant.ask(question, history)
    if as_json:
        print(json.dumps(to_json(answer), ensure_ascii=False))
        return
    print(answer.answer)
    _print_explanation(answer)
    for note in (*answer.notes, *([answer.as_of] if answer.as_of else [])):
        print(f"  · {note}")


def _print_explanation(answer: "Answer") -> None:
    from assistant.model.explain import HEADING

    if answer.explanation or answer.explanation_note:
        print(*filter(None, ("", HEADING, answer.explanation, answer.explanation_note, "")), sep="\n")


def _batch(arguments: argparse.Namespace) -> int:
    from assistant.answer import to_json
    from ingest.errors import KnowledgeBaseError

    assistant, failed = _open(arguments.data, arguments.document, explained=arguments.model), 0
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            row = _row(line, number)
            answer = assistant.ask(row["turns"][-1], row["turns"][:-1])
        except KnowledgeBaseError as error:
            print(error, file=sys.stderr)
            failed += 1
            continue
        print(json.dumps({"id": row["id"], **to_json(answer)}, ensure_ascii=False), flush=True)
    return 1 if failed else 0


def _row(line: str, number: int) -> dict[str, Any]:
    from ingest.errors import AssistantError

    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise AssistantError(f'第{number}行不是 JSON：请每行写一个 {{"id", "turns"}} 对象。') from error
    turns = row.get("turns") if isinstance(row, dict) else None
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns) or "id" not in row:
        raise AssistantError(f"第{number}行缺少 id 或 turns：turns 应是至少一句话的数组。")
    return dict(row)


def _matrix(arguments: argparse.Namespace) -> int:
    from datetime import date

    from assistant.said.export import export, heading, table
    from ingest.errors import AssistantError

    assistant = _open(arguments.data, arguments.document)
    matrix = assistant.scope().matrix
    unit = _unit(arguments.unit, assistant, matrix.units) if arguments.unit else None
    rows = table(matrix, unit)
    if arguments.out:
        export(rows, arguments.out, heading(matrix, unit, date.today()))
        print(f"已写入 {arguments.out}，共{len(rows) - 1}行。", file=sys.stderr)
        return 0
    if len(rows) == 1:
        raise AssistantError("知识库里还没有写明责任单位的条款，请先用 python -m index build 建库。")
    _print_rows(rows)
    return 0


def _propose(arguments: argparse.Namespace) -> int:
    from assistant.model.proposing import propose_into
    from index.settings import Settings

    index, env = _open(arguments.data).index, os.environ
    where = Settings.from_env(env).home(arguments.data)
    return propose_into(
        arguments.out, arguments.document, index=index, where=where, env=env, count=arguments.per_clause
    )


def _unit(written: str, assistant: "Assistant", known: Iterable[str]) -> str:
    from ingest.errors import AssistantError

    names = set(known)
    for mention in assistant.index.directory.mentions(written):
        for name in mention.names:
            if name in names:
                return name
    if written in names:
        return written
    raise AssistantError(f"分工表里没有“{written}”，请用 python -m assistant matrix 查看全部单位名称。")


def _print_rows(rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        print("\t".join(row))


if __name__ == "__main__":
    sys.exit(main())
