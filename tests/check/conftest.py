"""An account with a small company."""

from collections.abc import Iterator

import pytest

from tap_netsuite_tba.simulator import Simulator


@pytest.fixture(scope="session")
def _company() -> Iterator[Simulator]:
    with Simulator(transactions=1_100, role="integration") as account:
        yield account


@pytest.fixture
def account(_company: Simulator) -> Simulator:
    """With the role of the set-up guide, as each test finds it."""
    _company.role = "integration"
    return _company
