"""The command `netsuite-tba query`, and the account that it asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.commands.queries import QueryCommand


@pytest.fixture(scope="package")
def company() -> Iterator[Simulator]:
    with Simulator(transactions=700) as account:
        yield account


@pytest.fixture
def account(company: Simulator) -> Iterator[Simulator]:
    """The company, without faults again after each test."""
    yield company
    company.faults.clear()


@pytest.fixture
def query(account: Simulator, tmp_path: Path) -> QueryCommand:
    return QueryCommand(account, tmp_path)
