"""Dice that can be thrown again."""

import os
from random import Random

import pytest

SEED = "FAULTS_SEED"
"""The environment variable that replays a test's dice."""


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Of a test's dice: the same in each run of CI, and another in each long one."""
    known = os.environ.get(SEED)
    is_long = request.node.get_closest_marker("long") is not None
    seed = int(known) if known else Random().randrange(10**6) if is_long else 1
    request.node.add_report_section("setup", "dice", f"{SEED}={seed}")
    return seed
