"""What the server keeps of open tabs; that pages still answer so is what every other test here shows."""

from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI

from assistant.screens.tabs import TABS, Tabs, keep_little


def _copy(*_: object) -> object:
    raise AssertionError("a component was copied")


@pytest.fixture
def tabs() -> Tabs:
    held = Tabs()
    config = SimpleNamespace(blocks={7: SimpleNamespace(stateful=False)}, config_for_block=_copy)
    held.set_blocks(SimpleNamespace(default_config=config, blocks={7: None}, state_session_capacity=TABS))
    return held


def test_a_tab_keeps_no_copy_of_the_pages(tabs: Tabs) -> None:
    tab: Any = tabs["somebody"]
    tab._update_value_in_config(7, "an answer")
    tab._update_config(7)
    assert tab.config_values == {}


def test_the_latest_tabs_are_kept(tabs: Tabs) -> None:
    for number in range(TABS + 5):
        tabs[str(number)]
    assert (len(tabs.session_data), "4" in tabs, "5" in tabs) == (TABS, False, True)


def test_without_pages_nothing_is_kept() -> None:
    with pytest.raises(LookupError):
        keep_little(FastAPI(), None)
