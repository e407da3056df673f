"""``python -m index``: the knowledge base's life on the command line. Heavy imports wait until a command runs."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.settings import Settings
from ingest.errors import KnowledgeBaseError
from ingest.usage import Parser

EPILOG = "知识库放在 --data 指定的目录（或环境变量 POLICY_DATA，默认 data/）。出错时退出码为 1，用法不对为 2。"


_FUNCTIONS = {"list": "list_", "import": "import_"}


def main(arguments: Sequence[str] | None = None, env: Mapping[str, str] | None = None) -> int:
    """Run one command; its exit code."""
    try:
        settings = Settings.from_env(os.environ if env is None else env)
        options = _options(settings, arguments)
        options.home = settings.home(options.data)
        from index import commands

        command = getattr(commands, _FUNCTIONS.get(options.command, options.command))
        code: int = command(options, settings)
        return code
    except KnowledgeBaseError as problem:
        print(problem, file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("已中断，知识库保持原样。", file=sys.stderr)
        return 1


def _options(settings: Settings, arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser(settings)
    options = parser.parse_args(arguments)
    if options.command == "search" and not options.jsonl and not (options.query or "").strip():
        parser.error("没有写要检索的问题，例如 python -m index search 服务外包人才培训由谁负责")
    return options


def _parser(settings: Settings) -> Parser:
    shared = Parser(add_help=False)
    shared.add_argument("--data", type=Path, default=settings.data, metavar="目录", help="知识库所在目录")
    parser = Parser(prog="python -m index", description="政策文件知识库：建立、增删、检索。", epilog=EPILOG)
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", title="命令")

    def command(name: str, text: str) -> Parser:
        return commands.add_parser(name, parents=[shared], help=text, description=text, epilog=EPILOG)

    build = command("build", "建立或更新知识库：默认用随项目提供的文件，也可给出文件、目录或网址；只重读有变化的。")
    build.add_argument("sources", nargs="*", metavar="文件或网址")
    build.add_argument(
        "--jsonl", nargs="+", type=Path, default=[], metavar="文件", help='批量导入，每行 {"id", "text", "title"?}'
    )
    command("add", "加入文件或网址，其余不动。").add_argument("sources", nargs="+", metavar="文件或网址")
    command("remove", "按编号删除文件。").add_argument("ids", nargs="+", metavar="编号")
    command("list", "列出全部文件。").add_argument("--json", action="store_true", help="每行一个 JSON 对象")
    command("verify", "检查知识库是否完整、一致，并说明该怎么办。")
    command("export", "导出全部文件和相似问（.jsonl）；扩展名为 .xlsx 时只导出相似问。").add_argument(
        "file", type=Path, metavar="文件"
    )
    command("import", "导入 export 导出的文件，或 .jsonl/.xlsx 相似问。").add_argument(
        "file", type=Path, metavar="文件"
    )
    command("backup", "把整个知识库（含编辑内容和问答记录）备份成一个文件；应用不必停。").add_argument(
        "file", type=Path, metavar="文件"
    )
    restore = command("restore", "从 backup 写出的文件恢复；先停掉应用。")
    restore.add_argument("file", type=Path, metavar="文件")
    restore.add_argument("--replace", action="store_true", help="替换现有内容；原有内容留在 before-restore 文件夹里")
    move = command(
        "move", "在数据文件夹和 PostgreSQL（POLICY_DATABASE_URL）之间搬整个知识库；先停掉应用，搬出的一方不变。"
    )
    move.add_argument("to", choices=("database", "folder"), help="database：搬进数据库；folder：搬回数据文件夹")
    move.add_argument("--replace", action="store_true", help="替换那里已有的知识库")
    search = command("search", "检索。")
    search.add_argument("query", nargs="?", metavar="问题")
    search.add_argument("--jsonl", metavar="文件", help='每行 {"id", "question"}，- 表示标准输入；逐行输出结果')
    search.add_argument("--limit", type=_positive, default=10, metavar="N", help="最多返回几条（默认 10）")
    search.add_argument("--level", choices=("国家", "省", "市", "区"), help="只看某一级的文件")
    search.add_argument("--region", metavar="地区", help="只看某地的文件")
    search.add_argument("--unit", metavar="单位", help="只看某责任单位的条款")
    search.add_argument("--document", action="append", metavar="编号", help="只看这份文件，可重复")
    search.add_argument("--json", action="store_true", help="以 JSON 输出")
    return parser


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"应为 1 到 1000 的整数，而不是 {text}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
