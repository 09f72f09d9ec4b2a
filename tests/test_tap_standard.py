"""The SDK's own tests for taps, on the simulator."""

from singer_sdk.testing import SuiteConfig, get_tap_test_class

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.conftest import AT_END
from tests.tap_process import configuration

# The SDK asks for the streams in order to collect its tests, thus before any fixture runs.
ACCOUNT = AT_END.enter_context(Simulator(transactions=1_000))
# Named exactly, they are all selected, which the SDK expects.
TABLES = [
    "account",
    "customrecord_quality_check",
    "department",
    "entitystatus",
    "item",
    "itemvendor",
    "map_item_custitem_certificates",
    "transaction",
    "transactionaccountingline",
    "transactionline",
    "vendor",
]

TestTapNetSuite = get_tap_test_class(
    TapNetSuite,
    config=configuration(ACCOUNT, tables=TABLES, include_labels=["vendor.*", "*.subsidiary"]),
    suite_config=SuiteConfig(max_records_limit=200),
)
