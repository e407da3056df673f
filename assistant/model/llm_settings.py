"""Which language model the environment names, if any: POLICY_LLM_BASE_URL, _MODEL, _API_KEY, _DEADLINE_S, _REPHRASE."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # public in the documentation of no_proxy

from assistant.model.llm import Endpoint
from ingest.errors import AssistantError

URL, MODEL, KEY, DEADLINE = (f"POLICY_LLM_{name}" for name in ("BASE_URL", "MODEL", "API_KEY", "DEADLINE_S"))
REPHRASE = "POLICY_LLM_REPHRASE"
_DEFAULT_DEADLINE_S = 20.0
_LONGEST_S = 600.0
_LOCAL_ENDINGS = (".local", ".lan", ".internal", ".localhost", ".home.arpa")


def endpoint_from_env(env: Mapping[str, str]) -> Endpoint | None:
    """The model's endpoint, or None where nothing is set. AssistantError when the settings do not fit each other."""
    url, model, key = ((env.get(name) or "").strip() for name in (URL, MODEL, KEY))
    deadline_s = _deadline(env)
    if not (url or model or key):
        return None
    if not url or not model:
        missing = "、".join(name for name, value in ((URL, url), (MODEL, model)) if not value)
        raise AssistantError(f"使用语言模型要同时设置 {URL} 和 {MODEL}，现在缺 {missing}；不用模型请把这几项都去掉。")
    place = _place(url)
    host, is_near = place.hostname or "", _is_near(place.hostname or "")
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise AssistantError(f"{KEY} 里有空格或非英文字符，多半是复制错了，请重新填写。")
    if key and place.scheme == "http" and not is_near:
        raise AssistantError(f"{KEY} 不能用明文发到外网：请把 {URL} 改成 https:// 开头的地址，或去掉密钥。")
    return Endpoint(url.rstrip("/"), model, key or None, deadline_s, None if is_near else _proxy(env, place, host))


def rephrase_from_env(env: Mapping[str, str]) -> bool:
    """Whether the model may offer another wording below a weak answer; not unless it is told to."""
    written = (env.get(REPHRASE) or "no").strip().lower()
    if written not in ("yes", "no"):
        raise AssistantError(f"{REPHRASE} 的值“{written}”不认识，请改为 yes 或 no。")
    return written == "yes"


def _deadline(env: Mapping[str, str]) -> float:
    written = (env.get(DEADLINE) or "").strip()
    try:
        seconds = float(written) if written else _DEFAULT_DEADLINE_S
    except ValueError:
        seconds = 0.0
    if not 1.0 <= seconds <= _LONGEST_S:
        raise AssistantError(f"{DEADLINE} 的值“{written}”不对，请填 1 到 {_LONGEST_S:.0f} 之间的秒数。")
    return seconds


def _place(url: str) -> SplitResult:
    """The URL in parts. What is wrong is said without repeating the URL, which may hold a password."""
    try:
        place = urlsplit(url)
        _ = place.port  # raises where it is no number
    except ValueError as error:
        raise AssistantError(f"{URL} 不是网址，请写成 http://主机:端口/v1 的形式。") from error
    if place.scheme not in ("http", "https") or not place.hostname:
        raise AssistantError(f"{URL} 不是网址，请写成 http://主机:端口/v1 的形式。")
    if place.username or place.password or place.query or place.fragment:
        raise AssistantError(f"{URL} 里不能带用户名、密码或参数，密钥请放在 {KEY}。")
    if place.path.rstrip("/").endswith("/completions"):
        raise AssistantError(f"{URL} 请只写到 /v1 为止，不要带 /chat/completions。")
    return place


def _is_near(host: str) -> bool:
    """Whether the host is this machine or stands in the local network, where no proxy belongs in between."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_ENDINGS)
    return address.is_private or address.is_loopback or address.is_link_local


def _proxy(env: Mapping[str, str], place: SplitResult, host: str) -> str | None:
    """The proxy that the environment names for a far host."""

    def named(name: str) -> str:
        return env.get(name) or env.get(name.upper()) or ""

    if proxy_bypass_environment(host, {"no": named("no_proxy")}):
        return None
    proxy = named(f"{place.scheme}_proxy") or named("all_proxy")
    if proxy and urlsplit(proxy).scheme not in ("http", "https"):
        raise AssistantError(f"语言模型只能经 http 代理访问，请改正代理设置，或把 {host} 加进 no_proxy。")
    return proxy or None
