"""Whether a value is what its type says, all the way down: for documents that were told by somebody who isn't believed."""

import dataclasses
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


def is_a(value: object, hint: Any) -> bool:
    """Whether the value, with all that is in it, is of this type: a class, a tuple, a union, or a frozen type of these."""
    kind, inner = _shape(hint)
    if kind in (Union, UnionType):
        return any(is_a(value, each) for each in inner)
    if kind is tuple:
        return isinstance(value, tuple) and _are(value, inner)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        return False
    return all(is_a(getattr(value, name), each) for name, each in _fields(hint))


def _are(values: tuple[object, ...], hints: tuple[Any, ...]) -> bool:
    if hints[1:] == (Ellipsis,):
        return all(is_a(each, hints[0]) for each in values)
    return len(values) == len(hints) and all(map(is_a, values, hints))


@cache
def _shape(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(hint), get_args(hint)


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    """The fields of a frozen type or of a named tuple, with their types."""
    if dataclasses.is_dataclass(kind) or hasattr(kind, "_fields"):
        return tuple(get_type_hints(kind).items())
    return ()
