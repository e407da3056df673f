"""Passwords, kept only as scrypt sums: ``scrypt$N$r$p$salt$sum`` (salt and sum in Base64)."""

import base64
import binascii
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from ingest.errors import AssistantError

_PREFIX = "scrypt$"
_MEMORY = 256 * 1024 * 1024
_LARGEST_N = 2**17
LONGEST = 1024
"""Characters of a password; more is refused unread."""


@dataclass(frozen=True)
class Password:
    """One password's sum. What was typed is compared in the same time whether it is right or not."""

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, plain: str) -> "Password":
        """A password as typed, with a salt of its own."""
        n, r, p, salt = 2**15, 8, 1, secrets.token_bytes(16)
        return cls(n, r, p, salt, _digest(plain, n, r, p, salt))

    @classmethod
    def read(cls, line: str) -> "Password":
        """A line of a password file: a scrypt line, or the password itself."""
        if not line.startswith(_PREFIX):
            return cls.of(line)
        try:
            n, r, p, salt, digest = line.removeprefix(_PREFIX).split("$")
            kept = cls(int(n), int(r), int(p), _bytes(salt), _bytes(digest))
            _digest("", kept.n, kept.r, kept.p, kept.salt)
        except (ValueError, binascii.Error, MemoryError) as error:
            raise AssistantError(
                "口令文件里的 scrypt 行不完整或参数不对，请运行 python -m assistant password 重新生成后写入。"
            ) from error
        return kept

    @property
    def line(self) -> str:
        salt, digest = (base64.b64encode(each).decode() for each in (self.salt, self.digest))
        return f"{_PREFIX}{self.n}${self.r}${self.p}${salt}${digest}"

    def is_right(self, typed: str) -> bool:
        return hmac.compare_digest(self.digest, _digest(typed[:LONGEST], self.n, self.r, self.p, self.salt))


def _digest(plain: str, n: int, r: int, p: int, salt: bytes) -> bytes:
    if n > _LARGEST_N or len(salt) < 8:
        raise ValueError("not parameters that this project writes")
    # the same character may be typed as one code point or as two
    written = unicodedata.normalize("NFC", plain).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(written, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
