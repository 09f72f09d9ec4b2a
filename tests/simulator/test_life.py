from datetime import UTC, datetime

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import rows

BORN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHANGED = (
    "SELECT COUNT(*) AS n FROM transaction WHERE SYS_EXTRACT_UTC(lastmodifieddate) >"
    " TO_TIMESTAMP('2026-03-02 09:00:00', 'YYYY-MM-DD HH24:MI:SS')"
)


def test_a_company_goes_on_when_asked_to() -> None:
    with Simulator(1_000, born=BORN, alive=True) as account:
        account.clock.set(BORN)
        assert rows(account, CHANGED) == [{"n": "0"}]
        account.clock.advance(6 * 3600)
        [row] = rows(account, CHANGED)
        assert int(row["n"]) > 0


def test_a_company_stands_still_otherwise() -> None:
    with Simulator(1_000, born=BORN) as account:
        account.clock.set(BORN)
        account.clock.advance(6 * 3600)
        assert rows(account, CHANGED) == [{"n": "0"}]


def test_every_table_of_the_company_can_be_read_whole() -> None:
    with Simulator(1_000, born=BORN) as account:
        tables = [name for (name,) in account.sql("SHOW TABLES")]
        assert {"transaction", "transactionline", "customer", "entity", "dual"} <= set(tables)
        for table in tables:
            [(expected,)] = account.sql("SELECT count(*) FROM " + table)  # noqa: S608  # ours
            found = rows(account, "SELECT * FROM " + table)  # noqa: S608  # ours
            assert len(found) == min(expected, 1000)
