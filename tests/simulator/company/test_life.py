from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import duckdb
import pytest

from tap_netsuite_tba.simulator.company import Company, build, live
from tests.simulator.company.conftest import Ask, asking

TABLES = ("transaction", "transactionline", "transactionaccountingline", "customer")
DAY = timedelta(days=1)


def newborn(company: Company) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    build(connection, company)
    return connection


def fingerprints(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[Any, ...]]:
    whole = "SELECT count(*), sum(hash(row)::HUGEINT) FROM (FROM {}) AS row"
    tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    return {name: connection.execute(whole.format(name)).fetchall()[0] for (name,) in tables}


@pytest.fixture(scope="module")
def day(company: Company) -> Iterator[Ask]:
    """A query of the company on its second day; schema ``born`` has the rows of the first."""
    with newborn(company) as connection:
        connection.execute("CREATE SCHEMA born")
        for table in TABLES:
            connection.execute(f"CREATE TABLE born.{table} AS FROM {table}")
        live(connection, company, company.born, company.born + DAY)
        yield asking(connection)


def test_any_number_of_steps_leaves_the_same_rows_as_one(company: Company) -> None:
    instants = [company.born + timedelta(minutes=m) for m in (0, 0.51, 1, 1.5, 89.99, 100)]
    with newborn(company) as at_once, newborn(company) as in_steps:
        live(at_once, company, instants[0], instants[-1])
        for since, until in pairwise(instants):
            live(in_steps, company, since, until)

        assert fingerprints(at_once) == fingerprints(in_steps)


def test_nothing_happens_in_no_time_or_before_the_birth(company: Company) -> None:
    with newborn(company) as connection:
        before = fingerprints(connection)
        live(connection, company, company.born, company.born)
        live(connection, company, company.born - DAY, company.born)

        assert fingerprints(connection) == before


def test_time_does_not_run_backwards(company: Company) -> None:
    with duckdb.connect() as connection, pytest.raises(ValueError, match="must not be before"):
        live(connection, company, company.born + DAY, company.born)


def test_a_step_that_fails_leaves_nothing_half_done(company: Company) -> None:
    with newborn(company) as connection:
        connection.execute("ALTER TABLE deletedrecord RENAME TO gone")
        before = fingerprints(connection)
        with pytest.raises(duckdb.CatalogException, match="deletedrecord"):
            live(connection, company, company.born, company.born + DAY)

        assert fingerprints(connection) == before


def test_a_minute_has_three_to_six_events(day: Ask) -> None:
    events = """
        SELECT count(*) FROM (
            SELECT id FROM transaction WHERE createddate > '2026-01-07 10:00:00'
            UNION ALL
            SELECT id FROM transaction WHERE memo LIKE 'Amended%'
            UNION ALL
            SELECT id FROM customer WHERE lastmodifieddate > '2026-01-07 10:00:00'
        )
    """
    [(happened,)] = day(events)

    assert 3 * 24 * 60 < happened < 6 * 24 * 60


@pytest.mark.parametrize("table", ["transaction", "customer"])
def test_what_was_touched_says_so_in_its_modification_date(day: Ask, table: str) -> None:
    said = """
        SELECT min(lastmodifieddate) > '2026-01-07 10:00:00',
               max(lastmodifieddate) <= '2026-01-08 10:00:00'
        FROM (FROM {table} EXCEPT FROM born.{table})
    """
    assert day(said, table=table) == [(True, True)]


def test_lines_change_only_with_their_own_date_and_that_of_their_header(day: Ask) -> None:
    changed = """
        SELECT count(*), bool_and(linelastmodifieddate > '2026-01-07 10:00:00'),
               bool_and(t.lastmodifieddate >= linelastmodifieddate)
        FROM (FROM transactionline EXCEPT FROM born.transactionline) AS l
        JOIN transaction AS t ON t.id = l.transaction
    """
    [(lines, dated, headed)] = day(changed)

    assert lines > 1_000
    assert dated
    assert headed


def test_edits_change_amounts_of_orders_and_memos_of_the_rest(day: Ask) -> None:
    edited = """
        SELECT now.type LIKE '%Ord' OR now.type = 'Journal',
               count(*) FILTER (now.foreigntotal <> was.foreigntotal) > 0,
               count(*) FILTER (now.memo IS DISTINCT FROM was.memo) > 0
        FROM transaction AS now JOIN born.transaction AS was USING (id) GROUP BY 1 ORDER BY 1
    """
    assert day(edited) == [(False, False, True), (True, True, True)]


def test_some_orders_lose_a_line_without_a_trace(day: Ask) -> None:
    lost = """
        SELECT count(*) FROM born.transactionline AS was
        WHERE uniquekey NOT IN (SELECT uniquekey FROM transactionline)
          AND transaction IN (SELECT id FROM transaction)
    """
    [(lines,)] = day(lost)

    assert lines > 0


def test_the_books_still_balance(day: Ask) -> None:
    unbalanced = """
        SELECT transaction FROM transactionaccountingline GROUP BY transaction, accountingbook
        HAVING sum(amount) <> 0
        UNION ALL
        SELECT transaction FROM transactionline GROUP BY transaction HAVING sum(foreignamount) <> 0
        UNION ALL
        SELECT t.id FROM transaction AS t JOIN transactionline AS l ON l.transaction = t.id
        WHERE mainline = 'T' AND foreignamount <> foreigntotal
    """
    assert day(unbalanced) == []


@pytest.mark.parametrize("table", ["transactionline", "transactionaccountingline"])
def test_lines_come_and_go_with_their_header(day: Ask, table: str) -> None:
    apart = """
        SELECT t.id, l.transaction FROM transaction AS t
        FULL JOIN (SELECT DISTINCT transaction FROM {table}) AS l ON l.transaction = t.id
        WHERE t.id IS NULL OR l.transaction IS NULL
    """
    assert day(apart, table=table) == []


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("transaction", "id"),
        ("transactionline", "uniquekey"),
        ("transactionaccountingline", "(transaction, transactionline, accountingbook)"),
        ("customer", "id"),
    ],
)
def test_keys_stay_unique(day: Ask, table: str, key: str) -> None:
    counted = "SELECT count(*), count(DISTINCT {key}) FROM {table}"
    [(rows, keys)] = day(counted, table=table, key=key)

    assert rows == keys


def test_deleted_transactions_are_gone_and_logged(day: Ask) -> None:
    vanished = """
        SELECT d.recordid, type, deleteddate > '2026-01-07 10:00:00'
        FROM (SELECT id FROM born.transaction EXCEPT SELECT id FROM transaction)
        LEFT JOIN deletedrecord AS d ON d.recordid = id
    """
    rows = day(vanished)

    assert len(rows) > 30
    assert {("Sales Order", True), ("Estimate", True)} <= {row[1:] for row in rows}
    assert all(logged for _, _, logged in rows)
    new = "SELECT DISTINCT type FROM deletedrecord WHERE deleteddate > '2026-01-07 10:00:00'"
    assert {("Journal",), ("Cash Sale",)} <= set(day(new))
    undead = """
        SELECT recordid FROM deletedrecord
        WHERE recordtypeid = -30 AND recordid IN (SELECT id FROM transaction)
    """
    assert day(undead) == []


def test_what_is_posted_to_a_closed_period_stays_as_it_is(day: Ask) -> None:
    changed = """
        SELECT count(*), count(now.uniquekey), count(*) FILTER (now.netamount <> was.netamount)
        FROM born.transactionline AS was LEFT JOIN transactionline AS now USING (uniquekey)
        JOIN born.transaction AS t ON t.id = was.transaction
        JOIN accountingperiod AS p ON p.id = t.postingperiod AND alllocked = 'T'
    """
    [(were, are, others)] = day(changed)

    assert were == are > 3_000
    assert others == 0


def test_customers_are_edited_and_new_ones_come(day: Ask) -> None:
    counted = """
        SELECT count(*) FILTER (was.id IS NULL),
               count(*) FILTER (now.phone <> was.phone AND now.datecreated = was.datecreated)
        FROM customer AS now LEFT JOIN born.customer AS was USING (id)
    """
    [(new, edited)] = day(counted)

    assert new == 24 * 6
    assert edited > 0


def test_orders_are_invoiced_and_invoices_paid_as_time_passes(day: Ask) -> None:
    closed = """
        SELECT was.type, count(*) FROM transaction AS now JOIN born.transaction AS was USING (id)
        WHERE now.status <> was.status GROUP BY 1 ORDER BY 1
    """
    assert [kind for kind, _ in day(closed)] == ["CustInvc", "PurchOrd", "SalesOrd", "VendBill"]
