"""Exchanges with an account, and what must be true of them whoever answers.

The cassettes hold what the simulator answered until somebody records them on a real account; what
is asserted holds for both, so that a real account can prove it wrong.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from unittest import mock

import msgspec
import pytest

from tap_netsuite_tba.decoding import Row, RowDecoder
from tap_netsuite_tba.discovery.columns import prove_columns
from tap_netsuite_tba.discovery.customization import read_customization
from tap_netsuite_tba.discovery.families import TABLES_BY_PREFIX
from tap_netsuite_tba.discovery.fields import custom_columns
from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.checks import check_page
from tap_netsuite_tba.extraction.counts import Extent, Tally, ask_extent, check_count, count_rows
from tap_netsuite_tba.extraction.plan import Plan
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import LoginRefused, QueryRefused
from tap_netsuite_tba.netsuite.query import Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import (
    Since,
    select_page_ends,
    select_rows,
    select_unchanged_count,
)
from tap_netsuite_tba.simulator import Fault, FaultKind
from tap_netsuite_tba.tables import Column, ColumnType, Table, is_identifier
from tests.cassettes.recording import Cassette, Login, Scene

# Every account has these, whatever its features.
ACCOUNT = Table(
    "account",
    key=("id",),
    columns=(
        Column("id", ColumnType.INTEGER),
        Column("acctnumber", ColumnType.TEXT),
        Column("isinactive", ColumnType.BOOLEAN),
    ),
)
TRANSACTION = Table(
    "transaction",
    key=("id",),
    columns=(
        Column("id", ColumnType.INTEGER),
        Column("trandate", ColumnType.DATE),
        Column("lastmodifieddate", ColumnType.DATETIME),
    ),
    cursor="lastmodifieddate",
)
UNKNOWN = Column("no_such_column", ColumnType.TEXT)
FAR_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)
ONE_ROW = Query(select_rows(ACCOUNT, ACCOUNT.columns), limit=1, table="account")


def rows_of(table: Table, fetch: Fetch) -> list[Row]:
    reader = Reader(Selection(table, table.columns), fetch, Workers(1), Progress())
    chunks = list(filter(None, reader.chunks()))
    rows = [row for chunk in chunks for row in chunk.rows]
    assert chunks[0].total_results == len(rows)
    return rows


def a_small_table_comes_by_ascending_key(login: Login, _: Cassette) -> None:
    with login.client() as client:
        rows = rows_of(ACCOUNT, client.fetch)
    keys = [row["id"] for row in rows]
    assert keys
    assert keys == sorted(set(keys))
    assert {row["isinactive"] for row in rows} <= {True, False, None}


def page_ends_bound_pages_of_the_wanted_size(login: Login, _: Cassette) -> None:
    step, pages = 10, 4
    decoder = RowDecoder(TRANSACTION.name, TRANSACTION.columns, TRANSACTION.key)
    text = select_page_ends(TRANSACTION, after=None, pages=pages, step=step)
    with login.client() as client:
        answer = client.fetch(Query(text, table=TRANSACTION.name))
        ends = [int(row["k"]) for row in msgspec.json.decode(answer.items)]
        assert ends == sorted(set(ends))
        ranges, _plan = Plan(None, horizon=pages).named([(end,) for end in ends], seconds=0)
        for wanted in ranges:
            page = client.fetch(rows_in(wanted))
            rows = decoder.decode(page.items)
            check_page(TRANSACTION, wanted, page, decoder.keys_of(rows))
            assert len(rows) == step if wanted.up_to else len(rows) < step


def rows_in(wanted: Range) -> Query:
    text = select_rows(TRANSACTION, TRANSACTION.columns, after=wanted.after, up_to=wanted.up_to)
    return Query(text, table=TRANSACTION.name)


def a_refused_column_is_named(login: Login, _: Cassette) -> None:
    query = Query(select_rows(ACCOUNT, (*ACCOUNT.columns, UNKNOWN)), table=ACCOUNT.name)
    with login.client() as client, pytest.raises(QueryRefused, match=UNKNOWN.name) as refused:
        client.fetch(query)
    assert (refused.value.status, refused.value.code) == (400, "INVALID_PARAMETER")


def a_wrong_token_is_tried_twice_and_no_more(login: Login, cassette: Cassette) -> None:
    wrong = replace(login.credentials, token_id="fake-token-id", token_secret="fake-token-secret")
    with replace(login, credentials=wrong).client() as client:
        for _ in range(3):
            with pytest.raises(LoginRefused) as refused:
                client.fetch(ONE_ROW)
            assert refused.value.status == 401
        assert client.counts.requests == 2
    assert len(cassette) == 2


def a_count_is_that_of_the_rows(login: Login, _: Cassette) -> None:
    selection = Selection(ACCOUNT, ACCOUNT.columns)
    with login.client() as client:
        ids = [row["id"] for row in rows_of(ACCOUNT, client.fetch)]
        extent = ask_extent(ACCOUNT, client.fetch)
        assert extent == Extent(len(ids), max(ids))
        read = Tally(len(ids), 0, 0, (max(ids),), extent, FAR_FUTURE)
        check_count(selection, client.fetch, read)
        with pytest.raises(CountMismatch):
            check_count(selection, client.fetch, replace(read, rows=len(ids) - 1))


def a_count_of_no_rows_is_0(login: Login, _: Cassette) -> None:
    since = Since(FAR_FUTURE, (2**62,))
    text = select_unchanged_count(TRANSACTION, FAR_FUTURE, since=since, highest=(2**62,))
    with login.client() as client:
        assert count_rows(TRANSACTION, text, client.fetch) == 0


def custom_fields_become_columns_of_their_tables(login: Login, _: Cassette) -> None:
    with login.client() as client:
        customization = read_customization(client.fetch, Workers(1))
    assert not customization.unseen
    columns = custom_columns(customization)
    names = {field.scriptid.lower() for field in customization.fields if field.isinactive != "T"}
    for prefix in ("custbody", "custcol", "custitem"):
        expected = [name for name in names if name.startswith(prefix) and is_identifier(name)]
        for table in TABLES_BY_PREFIX[prefix]:
            found = [c.name for c in columns.of(table) if c.name.startswith(prefix)]
            assert found == sorted(expected)


def discovery_keeps_the_columns_that_are_accepted(login: Login, _: Cassette) -> None:
    with login.client() as client:
        proven = prove_columns(ACCOUNT, (UNKNOWN, *ACCOUNT.columns), client.fetch)
    assert proven.accepted == ACCOUNT.columns
    [refused] = proven.refused
    assert refused.column == UNKNOWN
    assert UNKNOWN.name in refused.reason


def a_page_is_dated_by_netsuites_clock(login: Login, cassette: Cassette) -> None:
    with login.client() as client:
        page = client.fetch(ONE_ROW)
    [response] = cassette.responses
    answered_at = parsedate_to_datetime(response["headers"]["date"][0])
    assert answered_at - timedelta(minutes=5) < page.asked_at < answered_at


def after_a_429_the_same_is_asked_again(login: Login, cassette: Cassette) -> None:
    with login.client() as client, mock.patch("random.uniform", min):  # jitter may be no wait
        assert client.fetch(ONE_ROW).count == 1
        assert (client.counts.requests, client.counts.retries) == (2, 1)
    assert [response["status"]["code"] for response in cassette.responses] == [429, 200]


SCENES = [
    Scene(a_small_table_comes_by_ascending_key),
    Scene(page_ends_bound_pages_of_the_wanted_size),
    Scene(a_refused_column_is_named),
    Scene(a_wrong_token_is_tried_twice_and_no_more),
    Scene(a_count_is_that_of_the_rows),
    Scene(a_count_of_no_rows_is_0),
    Scene(custom_fields_become_columns_of_their_tables),
    Scene(discovery_keeps_the_columns_that_are_accepted),
    Scene(a_page_is_dated_by_netsuites_clock),
    Scene(after_a_429_the_same_is_asked_again, Fault(FaultKind.TOO_MANY_REQUESTS)),
]
