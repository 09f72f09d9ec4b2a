"""Some records of either end of a type."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.extraction.ends import keys_of_ends
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    NetSuiteError,
    PermissionDenied,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.tables import Column, ColumnType, Table

IDS = Table(
    name="record_salesorder",
    columns=(Column("id", ColumnType.INTEGER), Column("lastmodifieddate", ColumnType.DATETIME)),
    key=("id",),
    source="transaction",
    only=(("recordtype", "salesorder"),),
)


def ends(keys: Sequence[int]) -> tuple[int, ...]:
    """What is found of a type that has records of these ids."""

    def fetch(query: Query) -> Page:
        assert query.is_optional
        order = re.search(r"WHERE t\.recordtype = 'salesorder' ORDER BY t\.id (\w+)$", query.text)
        assert order
        shown = sorted(keys, reverse=order[1] == "DESC")[: query.limit]
        items = json.dumps([{"id": str(key)} for key in shown]).encode()
        at = datetime(2026, 1, 1, tzinfo=UTC)
        return Page(items, len(shown), has_more=False, total_results=len(keys), asked_at=at)

    return keys_of_ends(IDS, fetch)


def test_ten_of_the_newest_and_ten_of_the_oldest() -> None:
    assert ends(range(1, 100)) == (*range(99, 89, -1), *range(1, 11))


@pytest.mark.parametrize("count", [0, 1, 15, 20])
def test_each_of_a_few_comes_once(count: int) -> None:
    found = ends(range(count))
    assert sorted(found) == [*range(count)]


@pytest.mark.parametrize(
    "error",
    [
        QueryRefused("Search error occurred.", status=400),
        PermissionDenied("no", status=403),
        TimedOut("not a byte for 300 s"),
        RetriesExhausted(ServerFault("unexpected", status=500), seconds=10),
    ],
)
def test_where_suiteql_does_not_tell_there_are_none(error: NetSuiteError) -> None:
    def fetch(_query: Query) -> Page:
        raise error

    assert keys_of_ends(IDS, fetch) == ()


def test_trouble_of_the_account_is_not_passed_over() -> None:
    def fetch(_query: Query) -> Page:
        raise LoginRefused("Invalid login attempt.", status=401)

    with pytest.raises(LoginRefused):
        keys_of_ends(IDS, fetch)
