"""A query as the table that its result is."""

import pytest

from tap_netsuite_tba.netsuite.suiteql import select_count, select_rows
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.tables import Column, ColumnType

ID = Column("id", ColumnType.INTEGER)
BY_ID = ("id",)


def test_its_stream_reads_the_query_as_a_table_in_parentheses_by_key() -> None:
    table = OwnQuery("mine", "SELECT c.id FROM customer c", BY_ID).table((ID,))
    assert select_rows(table, [ID], after=(5,)) == (
        "SELECT t.id FROM (SELECT c.id FROM customer c\n) t WHERE t.id > 5 ORDER BY t.id ASC"
    )
    assert (table.name, table.key, table.cursor) == ("mine", ("id",), None)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT c.id FROM customer c;",
        "\n  SELECT c.id FROM customer c ; \n",
        "SELECT c.id FROM customer c ORDER BY c.entityid DESC;",
    ],
)
def test_what_means_nothing_in_parentheses_is_left_out(query: str) -> None:
    source = OwnQuery("mine", query, BY_ID).table(()).source
    assert source == "(SELECT c.id FROM customer c\n)"


def test_a_comment_at_the_end_does_not_take_the_parenthesis_with_it() -> None:
    table = OwnQuery("mine", "SELECT c.id FROM customer c -- all of them", BY_ID).table(())
    [last] = [line for line in select_count(table).splitlines() if line.startswith(")")]
    assert last == ") t"


def test_an_order_that_decides_which_rows_there_are_stays() -> None:
    query = "SELECT c.id FROM customer c ORDER BY c.balance DESC FETCH FIRST 10 ROWS ONLY"
    assert OwnQuery("mine", query, BY_ID).table(()).source == f"({query}\n)"


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("SELECT t.id FROM transaction t", ("id",)),
        ("SELECT id FROM transaction", ("id",)),
        ("SELECT * FROM transaction", ("id",)),
        ("SELECT t.id AS number_ FROM transaction t", ("number_",)),
        ("SELECT t.id, c.email FROM transaction t JOIN customer c ON c.id = t.entity", ("id",)),
    ],
)
def test_it_is_read_in_ranges_where_its_key_is_one_column_of_one_table(
    query: str, keys: tuple[str, ...]
) -> None:
    assert not OwnQuery("mine", query, keys).table(()).is_sequential


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("SELECT t.entity AS id, COUNT(*) AS n FROM transaction t GROUP BY t.entity", ("id",)),
        ("SELECT DISTINCT t.entity AS id FROM transaction t", ("id",)),
        ("SELECT id FROM customer UNION ALL SELECT id FROM vendor", ("id",)),
        ("SELECT id, ROW_NUMBER() OVER (ORDER BY id ASC) AS place FROM customer", ("id",)),
        ("SELECT id FROM customer FETCH FIRST 5000 ROWS ONLY", ("id",)),
        ("SELECT t.id + 1 AS id FROM transaction t", ("id",)),
        ("SELECT l.transaction, l.id FROM transactionline l", ("transaction", "id")),
        ("SELECT c.email FROM customer c", ()),
    ],
)
def test_else_it_is_read_by_one_request_after_another(query: str, keys: tuple[str, ...]) -> None:
    assert OwnQuery("mine", query, keys).table(()).is_sequential
