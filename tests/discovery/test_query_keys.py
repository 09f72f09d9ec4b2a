"""The proof of a key holds for just those rows that it tells apart."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.discovery.query_asking import Asking
from tap_netsuite_tba.discovery.query_keys import check_keys_shown, count_of_proven
from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import ColumnType
from tests.discovery.asked_queries import Asked, asking, refusal

VALUES = st.none() | st.integers(0, 2)
Key = tuple[int | None, ...]


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=300) as account:
        yield account


@pytest.fixture(scope="module")
def asked(account: Simulator) -> Iterator[Asked]:
    with asking(account) as asked:
        yield asked


def query(keys: Sequence[Key], names: tuple[str, ...]) -> OwnQuery:
    """The keys as rows, each written out."""
    select = "SELECT ? FROM dual".replace("?", ", ".join(f"? AS {name}" for name in names))
    text = " UNION ALL ".join([select] * len(keys))
    for value in chain.from_iterable(keys):
        text = text.replace("?", "TO_NUMBER(NULL)" if value is None else str(value), 1)
    return OwnQuery("mine", text, names)


@pytest.mark.parametrize("names", [("a",), ("a", "b")])
@settings(max_examples=20)
@given(data=st.data())
def test_it_is_refused_just_where_it_is_null_or_comes_twice(
    asked: Asked, names: tuple[str, ...], data: st.DataObject
) -> None:
    keys = data.draw(st.lists(st.tuples(*[VALUES] * len(names)), min_size=1, max_size=6))
    own = query(keys, names)
    named = [zip(names, key, strict=True) for key in keys]
    rows = [{name: str(n) for name, n in pairs if n is not None} for pairs in named]
    [(_, times)] = Counter(keys).most_common(1)
    if any(None in key for key in keys):
        why = "is null in"
    else:
        why = f"comes {times} times" if times > 1 else ""
    for judge in (
        lambda: count_of_proven(own.table(()), Asking(own, asked.fetch)),
        lambda: check_keys_shown(own.table(()), rows),
    ):
        if why:
            with pytest.raises(Unreadable, match=why):
                judge()
        else:
            assert judge() in {len(keys), None}


class TestKeys:
    def test_one_that_is_null_is_refused_with_how_often(
        self, asked: Asked, account: Simulator
    ) -> None:
        [(rows, missing)] = account.sql(
            "SELECT count(*), count(*) FILTER (item IS NULL) FROM transactionline"
        )
        said = refusal(asked, OwnQuery("mine", "SELECT l.item FROM transactionline l", ("item",)))
        assert f"item, which primary_keys name, is null in {missing} of its {rows} rows." in said

    def test_one_that_is_not_unique_is_refused_with_its_values(
        self, asked: Asked, account: Simulator
    ) -> None:
        [(kind, times)] = account.sql(
            "SELECT type, count(*) FROM transaction GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        )
        said = refusal(asked, OwnQuery("mine", "SELECT t.type FROM transaction t", ("type",)))
        assert f"do not tell its rows apart: type {kind} comes {times} times" in said

    def test_several_are_judged_together(self, asked: Asked, account: Simulator) -> None:
        text = "SELECT l.transaction, l.id, l.item FROM transactionline l WHERE l.item IS NOT NULL"
        assert asked.found(OwnQuery("mine", text, ("transaction", "id"))).is_sequential
        [(item, transaction, times)] = account.sql(
            "SELECT item, transaction, count(*) FROM transactionline WHERE item IS NOT NULL "
            "GROUP BY ALL ORDER BY 3 DESC, 1, 2 LIMIT 1"
        )
        said = refusal(asked, OwnQuery("mine", text, ("item", "transaction")))
        assert f": item {item}, transaction {transaction} comes {times} times" in said

    def test_one_of_texts_may_do(self, asked: Asked) -> None:
        text = "SELECT t.type AS kind, COUNT(*) AS n FROM transaction t GROUP BY t.type"
        found = asked.found(OwnQuery("mine", text, ("kind",)))
        assert found.columns[0].type is ColumnType.TEXT
        assert not found.is_read_by_ranges

    def test_numbers_that_netsuite_sorts_as_texts_are_texts(self, asked: Asked) -> None:
        text = (
            "SELECT s.code FROM (SELECT TO_CHAR(c.id) AS code FROM currency c) s "
            "UNION ALL SELECT TO_CHAR(c.id * 10) FROM currency c WHERE c.id > 1"
        )
        [code] = asked.found(OwnQuery("mine", text, ("code",))).columns
        assert code.type is ColumnType.TEXT

    @pytest.mark.parametrize(
        ("keys", "words"),
        [((), "it has no primary_keys"), (("type",), "its primary_keys (type) are no integers")],
    )
    def test_more_rows_than_netsuite_reaches_need_one_of_integers(
        self, asked: Asked, account: Simulator, keys: tuple[str, ...], words: str
    ) -> None:
        [(rows,)] = account.sql("SELECT count(DISTINCT type) FROM transaction")

        def fetch(query: Query) -> Page:
            page = asked.fetch(query)
            if "COUNT(*)" not in query.text:
                return page
            return replace(page, items=page.items.replace(b'"%d"' % rows, b'"100001"'))

        text = "SELECT DISTINCT t.type FROM transaction t"
        with pytest.raises(Unreadable, match="It has 100001 rows") as caught:
            Asked(fetch).found(OwnQuery("mine", text, keys))
        assert words in str(caught.value)
