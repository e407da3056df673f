"""Who may read and who may edit: the one editor's login, and its sessions, in memory or where all processes see them."""

import hashlib
import hmac
import logging
import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.accounts.attempts import Attempts
from assistant.accounts.logins import Shared, SharedAttempts, SharedSessions
from assistant.accounts.password import LONGEST, Password
from index.home import Home
from ingest.errors import AssistantError

_LOG = logging.getLogger(__name__)
COOKIE = "policy_session"
SESSION_S = 12 * 3600
"""How long a login lasts, in seconds."""
_SESSIONS = 1000
_SAY_WHO = "POLICY_EDITOR_USER"
_SAY_FILE = "POLICY_EDITOR_PASSWORD_FILE"
NO_EDITOR = (
    f"还没有设置编辑账号：请把口令写进一个只有自己能读的文件，把环境变量 {_SAY_WHO} 设为登录名、"
    f"{_SAY_FILE} 设为这个文件的路径，然后重新启动。"
)
_WRONG = "登录名或口令不对，请重新输入。"
_WAIT = "登录失败次数太多，请过 {} 秒再试。"


class AccessDenied(AssistantError):  # noqa: N818  (an answer to give, not a defect)
    """A login was refused. ``wait_s`` is how long to wait before the next one, 0 where there is nothing to wait for."""

    def __init__(self, sentence: str, *, wait_s: int = 0) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


@dataclass(frozen=True)
class Access:
    """Settings and sessions. Safe to use from several threads.

    Sessions are this process's and end with it, unless ``home`` is a database that every process of the service has in common. Without a ``password`` there is no editor: no password is built in. With ``reading_needs_login`` nothing is shown without login.
    """

    user: str = ""
    password: Password | None = field(default=None, repr=False)
    reading_needs_login: bool = False
    clock: Callable[[], float] = time.monotonic
    home: Home | None = None
    _sessions: "_Sessions | SharedSessions" = field(init=False, repr=False, compare=False)
    _attempts: Attempts | SharedAttempts = field(init=False, repr=False, compare=False)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        shared = Shared(self.home) if self.home and self.home.database else None
        object.__setattr__(self, "_sessions", SharedSessions(shared, SESSION_S) if shared else _Sessions(self.clock))
        object.__setattr__(self, "_attempts", SharedAttempts(shared) if shared else Attempts(self.clock))

    @classmethod
    def from_env(cls, env: Mapping[str, str], home: Home | None = None) -> "Access":
        """POLICY_EDITOR_USER, POLICY_EDITOR_PASSWORD_FILE and POLICY_AUTH (open or login). AssistantError where they are wrong."""
        user, file = env.get(_SAY_WHO, "").strip(), env.get(_SAY_FILE, "").strip()
        if bool(user) != bool(file):
            missing = _SAY_FILE if user else _SAY_WHO
            raise AssistantError(f"环境变量 {_SAY_WHO} 和 {_SAY_FILE} 要一起设，现在缺 {missing}，请补上后再启动。")
        asked = (env.get("POLICY_AUTH") or "open").strip().lower()
        if asked not in ("open", "login"):
            raise AssistantError(f"环境变量 POLICY_AUTH 的值“{asked}”不认识，请改为 open 或 login。")
        if asked == "login" and not user:
            raise AssistantError(f"POLICY_AUTH=login 时谁也登录不了：请同时设置 {_SAY_WHO} 和 {_SAY_FILE}。")
        return cls(user, _password_in(Path(file)) if file else None, asked == "login", home=home)

    @property
    def has_editor(self) -> bool:
        return self.password is not None

    def login(self, user: str, password: str, *, client: str) -> str:
        """A new session's token. AccessDenied when name or password are wrong, or were wrong too often before."""
        if self.password is None:
            raise AccessDenied(NO_EDITOR)
        name = user.strip()[:LONGEST]
        wait = self._attempts.begin(client, name)
        if wait > 0:
            seconds = math.ceil(wait)
            raise AccessDenied(_WAIT.format(seconds), wait_s=seconds)
        with self._one_at_a_time:  # a scrypt sum takes 32 MB: many at once must not fill the memory
            is_right = self.password.is_right(password)
        is_known = hmac.compare_digest(_bytes(name), _bytes(self.user))
        if not (is_right and is_known) or len(password) > LONGEST:
            _LOG.warning("login refused for client %s", client)
            raise AccessDenied(_WRONG)
        self._attempts.succeeded(client, name)
        return self._sessions.begin(self.user)

    def editor_of(self, token: str | None) -> str | None:
        """The editor whose session this is; None for no token, and for one that is unknown or has expired."""
        return self._sessions.user_of(token) if token else None

    def logout(self, token: str) -> None:
        self._sessions.end(token)

    def may_read(self, token: str | None) -> bool:
        return not self.reading_needs_login or self.editor_of(token) is not None


class _Sessions:
    """Tokens are kept as sums: nobody can read one out of the memory or a log."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def begin(self, user: str) -> str:
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._kept[_sum(token)] = (user, self._clock() + SESSION_S)
            while len(self._kept) > _SESSIONS:
                self._kept.popitem(last=False)
        return token

    def user_of(self, token: str) -> str | None:
        key = _sum(token)
        with self._lock:
            user, until = self._kept.get(key, (None, 0.0))
            if user is not None and self._clock() >= until:
                del self._kept[key]
                return None
        return user

    def end(self, token: str) -> None:
        with self._lock:
            self._kept.pop(_sum(token), None)


def _password_in(path: Path) -> Password:
    try:
        mode = path.stat().st_mode
        with path.open(encoding="utf-8-sig") as file:
            line = file.readline(2 * LONGEST).rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "不是 UTF-8 文本"
        raise AssistantError(f"口令文件 {path} 读不到（{reason}），请检查 {_SAY_FILE} 的路径和权限。") from error
    if not line.strip():
        raise AssistantError(f"口令文件 {path} 是空的，请把口令写在第一行后再启动。")
    if mode & 0o004:
        _LOG.warning("口令文件 %s 这台机器上的其他用户也能读，请运行 chmod 600 收紧权限。", path)
    return Password.read(line)


def _sum(token: str) -> str:
    return hashlib.sha256(_bytes(token)).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
