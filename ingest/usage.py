"""Command lines in Chinese, for every package: help, and wrong usage said in one sentence with exit code 2."""

import argparse
import re
from typing import Any, NoReturn

_SAID = (
    (r"the following arguments are required: (.*)", r"缺少 \1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数 \1"),
    (r"expected one argument", "后面缺一个值"),
    (r"expected at least one argument", "后面至少要有一个值"),
    (r"expected (\d+) arguments?", r"后面要有 \1 个值"),
    (r"invalid choice: (.*?) \(choose from (.*)\)", r"不能是 \1，只能是 \2"),
    (r"invalid int value: (.*)", r"应是整数，而不是 \1"),
    (r"invalid \w+ value: (.*)", r"不能是 \1"),
    (r"not allowed with argument (.*)", r"不能与 \1 同时用"),
    (r"ambiguous option: (.*?) could match (.*)", r"\1 可以是 \2，请写全"),
    (r"ignored explicit argument (.*)", r"后面不能有 \1"),
    (r"one of the arguments (.*) is required", r"\1 要写一个"),
    (r"argument (.*?): ", r"参数 \1 "),
)


class Parser(argparse.ArgumentParser):
    """argparse with everything that a user sees in Chinese; so are the parsers of its commands."""

    def __init__(self, *, add_help: bool = True, **settings: Any) -> None:
        super().__init__(add_help=False, formatter_class=_ChineseHelp, **settings)
        self._positionals.title, self._optionals.title = "参数", "选项"
        if add_help:
            self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        for english, chinese in _SAID:
            message = re.sub(english, chinese, message, flags=re.DOTALL)
        said = " ".join(message.split())
        self.exit(2, f"用法不对（{said}），请运行 {self.prog} --help 查看用法。\n")


class _ChineseHelp(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)
