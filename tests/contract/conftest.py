"""An account with no tables but those that a test adds, and the gateway to it."""

import logging
from collections.abc import Iterator

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.contract.gateway import Gateway
from tests.contract.tables import bare_account


@pytest.fixture
def account() -> Iterator[Simulator]:
    with bare_account() as account:
        yield account


@pytest.fixture
def gateway(account: Simulator) -> Iterator[Gateway]:
    with Gateway(account) as gateway:
        yield gateway


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> None:
    """What the tap says is in the log, its summary too."""
    caplog.set_level(logging.INFO, "tap-netsuite-tba")
