"""What must be right before the pages can be served: settings, a free port, a knowledge base that opens."""

import argparse
import ctypes
import gc
import socket
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.logs import FORMS
from assistant.model.llm import Endpoint
from assistant.model.llm_settings import endpoint_from_env, rephrase_from_env
from index.home import Home
from index.settings import chroma_url, database_url
from ingest.errors import AssistantError, IndexingError
from ingest.usage import Parser

if TYPE_CHECKING:
    from index.search import Index

_MADE_FIRST = ("library.sqlite", "dictionary-", "intent-")
_M_ARENA_MAX = -8
_OBJECTS = 50_000
"""More of them since the last time, and garbage is looked for."""
_LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True)
class Settings:
    """How ``python ui.py`` runs; ``model`` None is the bundled embedding model, ``chroma`` a server's URL or "embedded".

    ``llm`` is the language model that explains answers, None for none; ``rephrase`` lets it offer another wording below a weak one.
    """

    host: str
    port: int
    data: Path
    model: str | None
    chroma: str
    log_level: str
    llm: Endpoint | None = None
    rephrase: bool = False
    reranker: str | None = None
    log_form: str = FORMS[0]
    journal_days: int | None = None
    database: str = field(default="", repr=False)

    @property
    def home(self) -> Home:
        return Home(self.data, self.database)


def read_settings(argv: Sequence[str] | None, environment: Mapping[str, str]) -> Settings:
    """Command line over environment over default. AssistantError when a variable is wrong; exit code 2 when an argument is."""
    parser = Parser(prog="python ui.py", description="启动政策问答网页（默认 http://127.0.0.1:7860）。")
    parser.add_argument("--host", default=environment.get("POLICY_HOST") or "127.0.0.1", help="监听地址，默认只限本机")
    parser.add_argument("--port", type=_port, help="端口，默认 7860（或环境变量 POLICY_PORT）")
    parser.add_argument(
        "--data", type=Path, default=Path(environment.get("POLICY_DATA") or "data"), help="知识库文件夹"
    )
    parser.add_argument("--share", choices=["no"], default="no", help="不提供公网分享，只能是 no")
    options = parser.parse_args(argv)
    level = (environment.get("POLICY_LOG_LEVEL") or "warning").lower()
    if level not in _LOG_LEVELS:
        raise AssistantError(f"环境变量 POLICY_LOG_LEVEL 的值“{level}”不认识，请改为 {'、'.join(_LOG_LEVELS)} 之一。")
    form = (environment.get("POLICY_LOG_FORMAT") or FORMS[0]).lower()
    if form not in FORMS:
        raise AssistantError(f"环境变量 POLICY_LOG_FORMAT 的值“{form}”不认识，请改为 {'、'.join(FORMS)} 之一。")
    port = options.port if options.port is not None else _port_from(environment)
    return Settings(
        host=options.host,
        port=port,
        data=options.data,
        model=environment.get("POLICY_EMBED_MODEL") or None,
        chroma=chroma_url(environment) or "embedded",
        log_level=level,
        log_form=form,
        journal_days=_days_from(environment),
        llm=endpoint_from_env(environment),
        rephrase=rephrase_from_env(environment),
        reranker=environment.get("POLICY_RERANK_MODEL") or None,
        database=database_url(environment),
    )


def stay_offline(environment: MutableMapping[str, str], settings: Settings) -> None:
    """Nothing may leave the machine; only a model that the user names may still be fetched."""
    environment["GRADIO_ANALYTICS_ENABLED"] = "False"
    environment["ANONYMIZED_TELEMETRY"] = "False"
    environment["GRADIO_TEMP_DIR"] = str((settings.data / "temporary").resolve())
    if settings.model is None and settings.reranker is None:
        environment["HF_HUB_OFFLINE"] = "1"


def keep_few_heaps() -> None:
    """Before the first thread: glibc gives threads heaps of their own, up to eight a core, and what is freed in one stays there.

    Under mixed traffic with changes a server had 716 MB after two minutes and went on growing; with two heaps 559 MB.
    """
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
    except (OSError, AttributeError, TypeError):  # another C library, or Windows
        return


def take_turns() -> None:
    """Threads give way after 1 ms instead of 5: an answer takes a dozen turns, and beside an upload each had to wait for one."""
    sys.setswitchinterval(0.001)


def collect_seldom() -> None:
    """Before anything is loaded: nearly all that a start makes stays, and looking through it for garbage 500 times takes 0.5 s."""
    gc.set_threshold(_OBJECTS, 20, 20)


def settle(index: "Index", chroma: str) -> None:
    """When everything stands: what was loaded is never looked through again (half a second each time), and Chroma may be opened."""
    gc.freeze()
    if not index.damage:
        index.use_chroma(chroma)


def listening(host: str, port: int) -> socket.socket:
    """The open door: a socket that is listening already, so that nobody else takes the port while the index is built."""
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        reason = "端口已被占用" if "in use" in str(error) else f"{error.strerror or error}"
        raise AssistantError(
            f"不能在 {host}:{port} 上启动（{reason}），请用 --port 换一个端口，或关掉占用它的程序。"
        ) from error


def open_index(settings: Settings) -> "Index":
    """The knowledge base; on the first start the seeds are indexed, with progress on stderr."""
    from index.__main__ import main as index_command
    from index.faults import DamagedError

    data = settings.data
    if _is_unbuilt(settings.home):
        print("第一次启动，正在建立知识库，约需一分钟……", file=sys.stderr)
        if index_command(["build", "--data", str(data)]) != 0:
            raise IndexingError("知识库没有建成，请按上面的提示处理后重新启动。")
    try:
        return _opened(settings, in_doubt=False)
    except DamagedError:
        return _opened(settings, in_doubt=True)


def _opened(settings: Settings, *, in_doubt: bool) -> "Index":
    """The knowledge base, mended first where it has to be; what cannot be mended is said by the index."""
    from index.faults import DamagedError
    from index.salvage import mend
    from index.search import Index

    mended = mend(settings.home, model=settings.model, in_doubt=in_doubt)
    index = Index.open(mended.home, model=settings.model, reranker=settings.reranker)
    index.damage = mended.sentence
    if index.damage:
        print(index.damage, file=sys.stderr)
    try:
        for document in index.documents():
            index.document(document.id)
    except DamagedError:
        index.close()
        raise
    return index


def _is_unbuilt(home: Home) -> bool:
    """Whether there is nothing in the folder but what a first start that was cut off leaves there, or nothing in the database."""
    from index.library import is_unbuilt
    from index.swap import contents, finish

    data = home.folder
    try:
        data.mkdir(parents=True, exist_ok=True)
        if home.database:
            return is_unbuilt(home)
        finish(data)
        return all(path.name.startswith(_MADE_FIRST) for path in contents(data)) and is_unbuilt(home)
    except OSError as error:
        raise IndexingError(
            f"数据文件夹 {data} 用不了（{error.strerror or error}），请检查路径和权限，或用 --data 换一个文件夹。"
        ) from error


def _port(written: str) -> int:
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= 65535:
        raise argparse.ArgumentTypeError(f"端口“{written}”应是 1 到 65535 的整数")
    return int(written)


def _days_from(environment: Mapping[str, str]) -> int | None:
    written = (environment.get("POLICY_JOURNAL_DAYS") or "").strip()
    if not written:
        return None
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= 36_500:
        raise AssistantError(
            f"环境变量 POLICY_JOURNAL_DAYS 的值“{written}”不对，应是 1 到 36500 的整数（天），不设为一直保留；请改正后再启动。"
        )
    return int(written)


def _port_from(environment: Mapping[str, str]) -> int:
    try:
        return _port(environment.get("POLICY_PORT") or "7860")
    except argparse.ArgumentTypeError as error:
        raise AssistantError(f"环境变量 POLICY_PORT 不对：{error}，请改正后再启动。") from error
