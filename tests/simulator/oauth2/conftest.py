"""Accounts that are logged in to by a certificate."""

from collections.abc import Iterator

import pytest

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.oauth2_certificates import Certificate


@pytest.fixture
def account() -> Iterator[Simulator]:
    """An account of a test's own, with nothing in it."""
    with Simulator(company=False) as own:
        yield own


@pytest.fixture
def certificate(account: Simulator) -> Certificate:
    """One that the account maps to an integration."""
    return account.oauth2.certificate()
