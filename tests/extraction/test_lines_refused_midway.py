"""Lines whose reading is refused when rows of it are out already are not read from the start."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.passes import Pass, read_pass
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import QueryRefused
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.netsuite.suiteql import Since
from tap_netsuite_tba.tables import KeyValue, Parent

from .account import BEGIN, LINES
from .test_split_owners import Ledger, ledger_of
from .wide import small_pages

TABLE = replace(
    LINES, parent=Parent("transaction", "transaction", line_cursor="linelastmodifieddate")
)


class Changed(Ledger):
    """Lines that have all changed since."""

    def _keys(self, text: str) -> list[KeyValue]:
        return super()._keys(re.sub(r"\([^<>]*\bp\..* IS NULL\)+", "True", text))


def test_no_row_comes_twice() -> None:
    with small_pages(columns=99, page=20, step=18):
        lines = ledger_of([10] * 30, TABLE)
        ledger, workers = Changed(TABLE, lines.modified), Workers(1)
        asked: list[Query] = []
        refused: list[Query] = []

        def fetch(query: Query) -> Page:
            asked.append(query)
            if len(asked) > 3 and "ROW_NUMBER" not in query.text and not refused:
                refused.append(query)
                raise QueryRefused("no", table=TABLE.name)
            return ledger.fetch(query)

        since = Since(BEGIN - timedelta(days=9))
        selection = Selection(TABLE, TABLE.columns, since)
        keys: list[KeyValue] = []
        pages = read_pass(selection, fetch, workers, Pass(since.instant))
        with pytest.raises(QueryRefused):
            keys.extend(key for chunk, _ in pages if chunk for key in chunk.keys)
        assert keys
        assert len(keys) == len(set(keys))
        workers.close()
