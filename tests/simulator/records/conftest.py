"""A company whose records are asked for."""

from collections.abc import Iterator

import pytest

from tap_netsuite_tba.simulator import Simulator


@pytest.fixture(scope="package")
def company() -> Iterator[Simulator]:
    """A company that no test changes."""
    with Simulator(transactions=300) as account:
        yield account
