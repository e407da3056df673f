"""Gradio without the work at every start that serves only its own developers, or is done nine times where once is enough."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType


@contextmanager
def lighter_gradio() -> Iterator[None]:
    """Gradio may be imported inside; where it is imported already, nothing changes.

    For each of its 75 components it parses the component's source, renders a template of its events' signatures and compares both
    with a stub (.pyi) that it keeps beside the source; and it renders the documentation of each event: half of what importing takes.
    """
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextmanager
def served_once() -> Iterator[None]:
    """Pages may be drawn inside, and are served by the application that they are mounted in.

    Gradio makes its whole server, with some ninety routes, anew when the pages are begun, for each page, and for their queue.
    """
    from gradio.routes import App

    name = "create_app"
    made = App.__dict__[name]
    setattr(App, name, staticmethod(_nothing))
    try:
        yield
    finally:
        setattr(App, name, made)


def _without_stubs(module: ModuleType) -> None:
    module.create_or_modify_pyi = _nothing  # type: ignore[attr-defined]


def _without_documentation(module: ModuleType) -> None:
    module.EventListener.set_doc = _nothing


def _nothing(*_: object, **__: object) -> None:
    pass


_RELIEVED: Mapping[str, Callable[[ModuleType], None]] = {
    "gradio.component_meta": _without_stubs,
    "gradio.events": _without_documentation,
}


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _RELIEVED:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        _RELIEVED[module.__name__](module)
