"""Who is asking: the client's address, its token, and whether a browser was sent here by another site."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from assistant.accounts.access import COOKIE

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def address_of(scope: Scope) -> str:
    """The address that limits count by; of IPv6 the network, of which one client has plenty of addresses.

    The server has put the forwarded address in its place where a trusted proxy sent one.
    """
    host = str((scope.get("client") or ("", 0))[0])
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def bearer_of(headers: Headers) -> str | None:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if kind.lower() == "bearer" else None


def cookie_of(headers: Headers) -> str | None:
    return cookie_parser(headers.get("cookie", "")).get(COOKIE) or None


def token_of(headers: Headers) -> str | None:
    """A bearer token wins: it was sent on purpose."""
    return bearer_of(headers) or cookie_of(headers)


def is_foreign(headers: Headers) -> bool:
    """Whether a browser says that another site sent this request; unknown counts as foreign where there is neither sign."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or not is_same_origin(origin, headers)


def is_same_origin(origin: str, headers: Headers) -> bool:
    try:
        return bool(origin) and urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    except ValueError:
        return False


def is_loopback(netloc: str) -> bool:
    """Whether a Host or an Origin's place is this machine itself."""
    try:
        host = urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return False
    return host in ("localhost", "127.0.0.1", "::1")
