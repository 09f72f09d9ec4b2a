"""What people may call things in an account breaks out of no query, and breaks no run."""

from collections.abc import Iterator

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.contract.gateway import Gateway
from tests.netsuite.tokens import shape
from tests.tap_process import configuration, discover

NAMES = (
    "custbody_a' OR '1'='1",
    "custbody_b, (SELECT 1)",
    "custbody_c--",
    'custentity_d"; DROP',
    "custentity_e\n",
    "custcol_f/*",
    "custrecord_\u2019g",
)


@pytest.fixture
def account() -> Iterator[Simulator]:
    with Simulator(transactions=300) as account:
        ids = account.sql("SELECT internalid FROM customfield ORDER BY internalid")
        for (internal_id,), name in zip(ids, NAMES, strict=False):
            call("customfield", int(internal_id), name, account)
        for table in ("customrecordtype", "customlist"):
            [(first,)] = account.sql(f"SELECT min(internalid) FROM {table}")  # noqa: S608 - ours
            call(table, first, f"{table}_x') UNION SELECT", account)
        yield account


def call(table: str, internal_id: int, name: str, account: Simulator) -> None:
    written = name.replace("'", "''")
    account.sql(f"UPDATE {table} SET scriptid = '{written}' WHERE internalid = {internal_id}")  # noqa: S608 - a test's own


def test_names_that_are_no_names_are_left_out_of_queries(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    with Gateway(account) as gateway:
        catalog = discover(configuration(account, base_url=gateway.base_url, tables=["custom*"]))
    assert len(catalog["streams"]) > 5
    queries = [query for query in gateway.queries if not query.startswith("/")]
    assert all(map(shape, queries))
    assert not any(piece in query for query in queries for piece in ("UNION SELECT", "OR '1'"))
    for name in NAMES[3:5]:  # of tables that are wanted
        assert f"The custom field {name!r} is left out" in caplog.text
