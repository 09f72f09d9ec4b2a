"""The proof of a key holds for just those rows that it tells apart."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.discovery.query_asking import Asking
from tap_netsuite_tba.discovery.query_keys import count_of_proven
from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.simulator import Simulator
from tests.discovery.asked_queries import Asked, asking

VALUES = st.none() | st.integers(0, 2)
Key = tuple[int | None, ...]


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with Simulator(transactions=100) as account, asking(account) as asked:
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
    repeated = Counter(keys).most_common(1)[0]
    if any(None in key for key in keys):
        with pytest.raises(Unreadable, match="is null in"):
            count_of_proven(own.table(()), Asking(own, asked.fetch))
    elif repeated[1] > 1:
        with pytest.raises(Unreadable, match=f"comes {repeated[1]} times"):
            count_of_proven(own.table(()), Asking(own, asked.fetch))
    else:
        assert count_of_proven(own.table(()), Asking(own, asked.fetch)) == len(keys)
