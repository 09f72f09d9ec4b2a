"""The SDK's own tests for taps, on the simulator, at its smallest size."""

from collections.abc import Iterator

import pytest
from singer_sdk.testing import SuiteConfig, get_tap_test_class

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.tap_process import configuration

# The SDK asks for the streams in order to collect its tests, thus before any fixture runs.
ACCOUNT = Simulator(transactions=1_000).__enter__()


@pytest.fixture(scope="module", autouse=True)
def account() -> Iterator[Simulator]:
    yield ACCOUNT
    ACCOUNT.__exit__(None, None, None)


TestTapNetSuite = get_tap_test_class(
    TapNetSuite,
    config=configuration(ACCOUNT, tables=["*"]),
    suite_config=SuiteConfig(max_records_limit=200),
)
