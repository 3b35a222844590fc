"""Whatever three people and the clock do, in any order: what `invariants` asks holds. docs/developers.md."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import Editors

WHOLE = settings(deadline=None, suppress_health_check=list(HealthCheck))
SHORT = settings(WHOLE, max_examples=3, stateful_step_count=10, derandomize=True, database=None)


def deep(examples: int) -> settings:
    return settings(WHOLE, max_examples=examples, stateful_step_count=40, print_blob=True)


@pytest.mark.django_db
def test_whatever_happens_in_any_order_is_as_it_was_seen_and_told_and_nothing_is_lost() -> None:
    examples = os.environ.get("EDITORS_EXAMPLES")
    run_state_machine_as_test(Editors, settings=deep(int(examples)) if examples else SHORT)
