"""What a program is told when something goes wrong: always JSON, one Chinese sentence, never a traceback."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.accounts.access import AccessDenied
from assistant.gate import BusyError
from index.postgres import UnavailableError
from ingest.errors import KnowledgeBaseError

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid_request",
    429: "too_many_requests",
    500: "internal_error",
    503: "busy",
}
_SENTENCES = {
    400: "请求的内容读不懂，请检查格式后再试。",
    401: "请先登录：用 POST /login 取得令牌，放在 Authorization: Bearer 里。",
    403: "没有权限，请登录后再试。",
    404: "没有这个地址，请对照 /openapi.json。",
    405: "这个地址不接受这种请求方法，请对照 /openapi.json。",
    415: "请求的内容类型不对，请用 application/json。",
    500: "程序出错，没有完成；详情已写入运行日志，请稍后再试。",
}
_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_REASONS = {
    "missing": "没有写",
    "json_invalid": "不是 JSON",
    "string_too_short": "太短，不能是空的",
    "string_too_long": "太长，最多 {max_length} 个字符",
    "too_long": "太多，最多 {max_length} 项",
    "too_short": "太少，至少 {min_length} 项",
    "string_type": "应是文字",
    "string_unicode": "不是完整的文字",
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "int_from_float": "应是整数",
    "bool_type": "应是 true 或 false",
    "bool_parsing": "应是 true 或 false",
    "list_type": "应是数组",
    "dict_type": "应是对象",
    "model_attributes_type": "应是 JSON 对象",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "enum": "只能是 {expected}",
    "value_error": "{error}",
}
_PLACES = {"body": "请求体", "query": "参数", "path": "地址", "header": "请求头"}


class RequestError(Exception):
    """A request that is refused, with the status and the sentence to say."""

    def __init__(self, status: int, sentence: str = "", *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence or _SENTENCES.get(status, _SENTENCES[500]))
        self.status, self.headers = status, dict(headers or {})


def answer_in_json(app: FastAPI) -> None:
    """Every error of this application as JSON."""
    app.add_exception_handler(RequestError, lambda request, error: _of_fault(request, error))
    app.add_exception_handler(HTTPException, lambda request, error: _of_http(request, error))
    app.add_exception_handler(RequestValidationError, lambda request, error: _of_validation(request, error))
    app.add_exception_handler(KnowledgeBaseError, lambda request, error: _of_ours(request, error))
    app.add_exception_handler(Exception, lambda request, _: refused(request.url.path, 500))


def refused(path: str, status: int, sentence: str = "", headers: Mapping[str, str] | None = None) -> JSONResponse:
    """One error; below /v1 in the form that OpenAI's clients read."""
    told: dict[str, Any] = {
        "code": CODES.get(status, "internal_error" if status >= 500 else "bad_request"),
        "message": sentence or _SENTENCES.get(status, _SENTENCES[500 if status >= 500 else 400]),
    }
    if path.startswith("/v1/"):
        kind = _OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
        told |= {"type": kind, "param": None}
    return JSONResponse({"error": told}, status, headers=dict(headers or {}))


def _of_fault(request: Request, error: Any) -> JSONResponse:
    return refused(request.url.path, error.status, str(error), error.headers)


def _of_http(request: Request, error: Any) -> JSONResponse:
    return refused(request.url.path, error.status_code, headers=error.headers)


def _of_ours(request: Request, error: Any) -> JSONResponse:
    status, headers = 400, {}
    if isinstance(error, BusyError | UnavailableError):
        status, headers = 503, {"Retry-After": str(error.wait_s)}
    elif isinstance(error, AccessDenied):
        status = 429 if error.wait_s else 401
        headers = {"Retry-After": str(error.wait_s)} if error.wait_s else {}
    return refused(request.url.path, status, str(error), headers)


def _of_validation(request: Request, error: Any) -> JSONResponse:
    return refused(request.url.path, 422, "；".join(explained(error.errors()[:3])) + "。请改正后再试。")


def explained(faults: list[Any]) -> list[str]:
    """Each of pydantic's faults in Chinese; what was sent is not repeated."""
    return [f"{_place(fault['loc'])}{_reason(fault)}" for fault in faults]


def _place(loc: tuple[int | str, ...]) -> str:
    where, *names = loc or ("body",)
    shown = ".".join(str(name) for name in names if not isinstance(name, str) or name.isidentifier())
    return f"{_PLACES.get(str(where), '请求')}{f'里的 {shown} ' if shown else ''}"


def _reason(fault: Mapping[str, Any]) -> str:
    values, kind = fault.get("ctx") or {}, fault["type"]
    if isinstance(fault.get("input"), str) and kind in (
        "too_short",
        "too_long",
    ):  # a text whose length is looked at last
        kind = f"string_{kind}"
    try:
        return _REASONS[kind].format(**values)
    except (KeyError, IndexError):
        return "不对"
