"""An account with a whole company, for tests that only look."""

from collections.abc import Iterator

import pytest

from tap_netsuite_tba.simulator import Simulator


@pytest.fixture(scope="package")
def company() -> Iterator[Simulator]:
    """An account that no test changes."""
    with Simulator(500) as account:
        yield account
