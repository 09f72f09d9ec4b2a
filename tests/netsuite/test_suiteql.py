"""The text of the queries, word for word."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.suiteql import (
    Since,
    cursor_expression,
    expressions,
    select_count,
    select_every,
    select_extent,
    select_nothing,
    select_page_ends,
    select_present,
    select_rows,
    select_unchanged_count,
)
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import (
    DELETED_AT,
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    KeyValue,
    Parent,
    Table,
)

CURRENCY = Table(
    "currency", ("id",), (Column("id", ColumnType.INTEGER), Column("symbol", ColumnType.TEXT))
)
TRANSACTION = Table(
    "transaction",
    ("id",),
    (
        Column("id", ColumnType.INTEGER),
        Column("trandate", ColumnType.DATE),
        Column("foreigntotal", ColumnType.DECIMAL),
        Column("posting", ColumnType.BOOLEAN),
        Column("lastmodifieddate", ColumnType.DATETIME),
    ),
    "lastmodifieddate",
)
LINES = Table(
    "transactionaccountingline",
    ("transaction", "transactionline", "accountingbook"),
    (
        Column("transaction", ColumnType.INTEGER),
        Column("amount", ColumnType.DECIMAL),
        Column(PARENT_MODIFIED_AT, ColumnType.DATETIME),
    ),
    parent=Parent("transaction", "transaction"),
)
SINCE = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
OTHER_ZONES = [
    timezone(timedelta(hours=14)),
    timezone(timedelta(hours=-12)),
    timezone(timedelta(hours=5, minutes=45)),
]


def test_the_rows_of_a_whole_table() -> None:
    assert select_rows(CURRENCY, CURRENCY.columns) == (
        "SELECT t.id, t.symbol FROM currency t ORDER BY t.id ASC"
    )


def test_the_rows_between_two_keys_since_an_instant() -> None:
    text = select_rows(
        TRANSACTION, TRANSACTION.columns, after=(5,), up_to=(990,), since=Since(SINCE)
    )
    assert text == (
        "SELECT TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate, "
        'TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate), \'YYYY-MM-DD"T"HH24:MI:SS"Z"\') '
        "AS lastmodifieddate, t.id, t.foreigntotal, t.posting FROM transaction t "
        "WHERE ((t.lastmodifieddate >= TO_DATE('2026-02-27 12:00:00', 'YYYY-MM-DD HH24:MI:SS') "
        "AND SYS_EXTRACT_UTC(t.lastmodifieddate) >= "
        "TO_TIMESTAMP('2026-03-01 10:30:00', 'YYYY-MM-DD HH24:MI:SS')) "
        "OR (t.lastmodifieddate IS NULL)) "
        "AND t.id > 5 AND t.id <= 990 ORDER BY t.id ASC"
    )


def test_rows_may_be_wanted_highest_key_first() -> None:
    text = select_rows(LINES, LINES.columns[:1], after=(7,), descending=True)
    assert text.endswith(
        "WHERE t.transaction > 7 "
        "ORDER BY t.transaction DESC, t.transactionline DESC, t.accountingbook DESC"
    )


def test_rows_without_modification_date_are_wanted_beyond_the_known_key() -> None:
    text = select_rows(TRANSACTION, TRANSACTION.columns, since=Since(SINCE, (70,)))
    assert text.endswith(" OR (t.lastmodifieddate IS NULL AND t.id > 70)) ORDER BY t.id ASC")
    text = select_rows(LINES, LINES.columns, since=Since(SINCE, (70,)))
    assert " OR (p.lastmodifieddate IS NULL AND t.transaction >= 70)) ORDER BY " in text


def test_lines_come_with_the_date_of_their_transaction() -> None:
    assert select_rows(LINES, LINES.columns, after=(7, 2)) == (
        'SELECT TO_CHAR(SYS_EXTRACT_UTC(p.lastmodifieddate), \'YYYY-MM-DD"T"HH24:MI:SS"Z"\') '
        "AS sdc_parent_modified_at, t.transaction, t.amount FROM transactionaccountingline t "
        "LEFT JOIN transaction p ON p.id = t.transaction "
        "WHERE (t.transaction >= 7 AND (t.transaction > 7 OR t.transactionline > 2)) "
        "ORDER BY t.transaction ASC, t.transactionline ASC, t.accountingbook ASC"
    )


def test_lines_are_joined_with_their_transaction_only_if_it_is_needed() -> None:
    assert select_rows(LINES, LINES.columns[:1]) == (
        "SELECT t.transaction FROM transactionaccountingline t "
        "ORDER BY t.transaction ASC, t.transactionline ASC, t.accountingbook ASC"
    )
    assert "LEFT JOIN transaction p" in select_rows(LINES, LINES.columns[:1], since=Since(SINCE))


CHANGED_LINES = (
    "t.transaction IN (SELECT c.transaction FROM transactionaccountingline c "
    "WHERE c.lastmodifieddate >= TO_DATE('2026-02-27 12:00:00', 'YYYY-MM-DD HH24:MI:SS') "
    "AND SYS_EXTRACT_UTC(c.lastmodifieddate) >= "
    "TO_TIMESTAMP('2026-03-01 10:30:00', 'YYYY-MM-DD HH24:MI:SS'))"
)


def test_all_lines_of_a_transaction_are_wanted_if_one_of_them_changed() -> None:
    dated = replace(
        LINES, parent=Parent("transaction", "transaction", line_cursor="lastmodifieddate")
    )
    undated = select_rows(LINES, LINES.columns, since=Since(SINCE, (70,)))
    assert select_rows(dated, dated.columns, since=Since(SINCE, (70,))) == undated.replace(
        " OR (p.lastmodifieddate IS NULL", f" OR {CHANGED_LINES} OR (p.lastmodifieddate IS NULL"
    )
    ends = select_page_ends(dated, after=None, pages=1, step=990, since=Since(SINCE))
    assert f" OR {CHANGED_LINES} OR " in ends
    assert select_rows(dated, dated.columns) == select_rows(LINES, LINES.columns)


def test_the_next_page_ends() -> None:
    assert select_page_ends(CURRENCY, after=(5,), pages=16, step=990) == (
        "SELECT k FROM (SELECT t.id k, ROW_NUMBER() OVER (ORDER BY t.id ASC) n FROM currency t "
        "WHERE t.id > 5) WHERE MOD(n, 990) = 0 AND n <= 15840 ORDER BY k ASC"
    )


def test_page_ends_are_whole_keys_and_may_be_looked_for_up_to_a_bound() -> None:
    assert select_page_ends(LINES, after=(7, 2, 1), up_to=(90,), pages=2, step=990) == (
        "SELECT k, k2, k3 FROM (SELECT t.transaction k, t.transactionline k2, t.accountingbook k3, "
        "ROW_NUMBER() OVER "
        "(ORDER BY t.transaction ASC, t.transactionline ASC, t.accountingbook ASC) n "
        "FROM transactionaccountingline t WHERE (t.transaction >= 7 AND (t.transaction > 7 OR "
        "(t.transactionline >= 2 AND (t.transactionline > 2 OR t.accountingbook > 1)))) "
        "AND t.transaction <= 90) "
        "WHERE MOD(n, 990) = 0 AND n <= 1980 ORDER BY k ASC, k2 ASC, k3 ASC"
    )


def test_the_count_of_a_table() -> None:
    assert select_count(CURRENCY) == "SELECT COUNT(*) AS n FROM currency t"
    assert select_count(CURRENCY, up_to=(5,)).endswith(" FROM currency t WHERE t.id <= 5")


def test_the_extent_of_a_table() -> None:
    assert select_extent(LINES) == (
        "SELECT COUNT(*) AS n, MAX(t.transaction) AS highest FROM transactionaccountingline t"
    )


def test_the_count_of_lines_is_of_those_whose_transaction_did_not_change() -> None:
    assert select_unchanged_count(LINES, SINCE, since=None, highest=(7,)) == (
        "SELECT COUNT(*) AS n FROM transactionaccountingline t "
        "LEFT JOIN transaction p ON p.id = t.transaction "
        "WHERE (SYS_EXTRACT_UTC(p.lastmodifieddate) < "
        "TO_TIMESTAMP('2026-03-01 10:30:00', 'YYYY-MM-DD HH24:MI:SS') "
        "OR (p.lastmodifieddate IS NULL AND t.transaction < 7))"
    )


def test_of_rows_without_date_all_are_counted_up_to_the_empty_position() -> None:
    text = select_unchanged_count(TRANSACTION, SINCE, since=None, highest=())
    assert text.endswith(" OR (t.lastmodifieddate IS NULL))")


def test_every_so_manieth_row_of_a_table_without_key() -> None:
    keyless = replace(CURRENCY, key=())
    assert select_every(1000, keyless, keyless.columns) == (
        "SELECT id, symbol FROM (SELECT t.id, t.symbol, ROW_NUMBER() OVER "
        "(ORDER BY t.id ASC, t.symbol ASC) sdc_n FROM currency t) "
        "WHERE MOD(sdc_n, 1000) = 0 ORDER BY sdc_n ASC"
    )
    assert select_rows(keyless, keyless.columns).endswith(" ORDER BY t.id ASC, t.symbol ASC")


TABLES = [table for table in shipped_tables().values() if table.columns]


def test_a_proof_asks_for_the_very_expressions_that_read() -> None:
    for table in (*TABLES, CURRENCY, TRANSACTION, LINES):
        asked = select_nothing(table, table.columns)
        name = (table.key or table.column_names)[0]
        nowhere = f" WHERE t.{name} IS NULL AND t.{name} IS NOT NULL"
        assert asked.endswith(nowhere)
        read = select_rows(table, table.columns)
        assert asked.removesuffix(nowhere) == read[: read.index(" ORDER BY ")]


def test_computed_columns_come_first_and_in_the_order_of_their_names() -> None:
    for table in (*TABLES, CURRENCY, TRANSACTION, LINES):
        columns = (Column(DELETED_AT, ColumnType.DATETIME), *table.columns)
        selected = select_rows(table, columns).partition(" FROM ")[0].removeprefix("SELECT ")
        parts = re.split(r", (?=TO_CHAR|t\.)", selected)
        computed = [part.partition(" AS ")[2] for part in parts if part.startswith("TO_CHAR")]
        assert all(part.startswith("t.") for part in parts[len(computed) :])
        assert expressions(columns) == tuple(computed)


def test_the_date_of_deletion_is_not_asked_for_with_rows() -> None:
    columns = (*CURRENCY.columns, Column(DELETED_AT, ColumnType.DATETIME))
    assert select_rows(CURRENCY, columns) == select_rows(CURRENCY, CURRENCY.columns)


def test_keys_that_may_be_gone_are_asked_for_in_one_list() -> None:
    assert select_present(CURRENCY, [7, -2, 9]) == (
        "SELECT t.id FROM currency t WHERE t.id IN (7, -2, 9)"
    )


def test_transactions_that_may_be_gone_are_asked_for_by_their_lines() -> None:
    assert select_present(LINES, [7, 9]) == (
        "SELECT DISTINCT t.transaction FROM transactionaccountingline t "
        "WHERE t.transaction IN (7, 9)"
    )


def test_the_cursor_of_lines_is_their_transactions() -> None:
    assert cursor_expression(LINES) == "p.lastmodifieddate"
    assert cursor_expression(TRANSACTION) == "t.lastmodifieddate"
    assert cursor_expression(CURRENCY) is None


def test_a_table_without_cursor_is_read_whole_whatever_the_date() -> None:
    assert select_rows(CURRENCY, CURRENCY.columns, since=Since(SINCE, (70,))) == (
        select_rows(CURRENCY, CURRENCY.columns)
    )


@pytest.mark.parametrize("zone", OTHER_ZONES)
def test_instants_of_other_zones_are_written_in_utc(zone: timezone) -> None:
    elsewhere = SINCE.astimezone(zone)
    assert select_rows(TRANSACTION, TRANSACTION.columns, since=Since(elsewhere)) == (
        select_rows(TRANSACTION, TRANSACTION.columns, since=Since(SINCE))
    )
    assert select_unchanged_count(TRANSACTION, elsewhere, since=Since(elsewhere), highest=None) == (
        select_unchanged_count(TRANSACTION, SINCE, since=Since(SINCE), highest=None)
    )


def test_a_fraction_of_a_second_never_makes_the_bound_later() -> None:
    late = Since(SINCE + timedelta(microseconds=999_999))
    assert "'2026-03-01 10:30:00'" in select_rows(TRANSACTION, TRANSACTION.columns, since=late)


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - zones follow
    st.integers(-12, 14),
)
def test_the_filter_that_may_use_an_index_is_wide_enough_for_every_time_zone(
    moment: datetime, hours: int
) -> None:
    since = moment.replace(tzinfo=UTC, microsecond=0)
    text = select_rows(TRANSACTION, TRANSACTION.columns, since=Since(since))
    [wider] = re.findall(r"TO_DATE\('(.*?)'", text)
    local = since.astimezone(timezone(timedelta(hours=hours))).strftime("%Y-%m-%d %H:%M:%S")
    assert wider < local
    assert wider.endswith("12:00:00"), "an hour that no clock change skips"


_KEYS = st.integers(-(2**63), 2**63 - 1)
_POSITIONS = st.none() | st.lists(_KEYS, min_size=1, max_size=3).map(tuple)


@given(
    _POSITIONS,
    _POSITIONS,
    st.none()
    | st.builds(
        Since,
        st.datetimes(timezones=st.just(UTC)).filter(lambda d: d.year > 1000),
        _POSITIONS,
    ),
)
def test_no_text_but_the_safe_characters_is_in_a_query(
    after: KeyValue | None, up_to: KeyValue | None, since: Since | None
) -> None:
    text = select_rows(LINES, LINES.columns, after=after, up_to=up_to, since=since)
    assert re.fullmatch(r"[A-Za-z0-9_ .,()<>=:'\"-]+", text)
    literals = re.findall(r"'([^']*)'", text)
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|YYYY[A-Z0-9\"T: -]*", literal)
        for literal in literals
    )


@given(st.text(st.sampled_from("az_09$# .,;'\"()-*/\n=\u00e9"), max_size=12))
def test_no_name_with_other_characters_gets_as_far_as_a_query(name: str) -> None:
    try:
        column = Column(name, ColumnType.TEXT)
    except ValueError:
        return
    text = select_rows(CURRENCY, (column,))
    selected = text.removeprefix("SELECT ").removesuffix(" FROM currency t ORDER BY t.id ASC")
    assert re.fullmatch(r"t\.[a-z_][a-z0-9_$#]*( AS sdc_[a-z0-9_$#]*)?", selected)
