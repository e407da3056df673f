"""Schemathesis against /openapi.json: whatever fits the description is answered as described, what does not is refused as described."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Served, serving

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_WAYS_OUT = ("/login", "/logout")
"""A token sent here would end, and the others need it."""


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Served]:
    """An app of its own: what random editors leave in it concerns nobody."""
    with serving(tmp_path_factory.mktemp("fuzzed"), seeds, POLICY_RATE_LIMIT="off") as app:
        yield app


@pytest.fixture(scope="module")
def allowed(fuzzed: Served) -> dict[str, str]:
    """An editor's, taken before anything fails to log in."""
    return {"Authorization": f"Bearer {fuzzed.token()}"}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_route_answers_as_described(fuzzed: Served, allowed: dict[str, str], mode: GenerationMode) -> None:
    described = schemathesis.openapi.from_url(f"{fuzzed.url}/openapi.json")
    tried = set()
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body or operation.path_parameters):
            continue  # nothing of it can be wrong
        tried.add(operation.label)
        _try(operation.as_strategy(generation_mode=mode), {} if operation.path in _WAYS_OUT else allowed)
    assert len(tried) >= 20


def _try(cases: SearchStrategy[Case], headers: dict[str, str]) -> None:
    @settings(max_examples=6, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def answers(case: Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    answers()
