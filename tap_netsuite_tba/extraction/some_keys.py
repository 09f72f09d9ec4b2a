"""Some records of a type, old, new and between, by which it is told what all have in common."""

import logging
from typing import Any

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import expressions, select_rows
from tap_netsuite_tba.tables import Table

logger = logging.getLogger(__name__)

AT_EACH_PLACE = 7
"""So many of the newest, of the oldest, and of those halfway between."""


def keys_of_some(ids: Table, fetch: Fetch) -> tuple[int, ...]:
    """The ids of some records from all over a type; of all if these are few, none if refused.

    Args:
        ids: The table whose rows are the records.
        fetch: Sends a query.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    columns = tuple(column for column in ids.columns if column.name in ids.key)
    decoder = RowDecoder(ids.name, columns, ids.key, expressions(columns))

    def found(**place: Any) -> list[int]:  # noqa: ANN401 - of select_rows
        text = select_rows(ids, columns, **place)
        asked = Query(text, AT_EACH_PLACE, ids.name, patience=SHORT_PATIENCE, is_optional=True)
        return [row[ids.key[0]] for row in decoder.decode(fetch(asked).items)]

    try:
        newest = found(descending=True)
        oldest = found()
        if len(oldest) < AT_EACH_PLACE:
            return tuple(newest)
        halfway = found(after=((newest[0] + oldest[0]) // 2,))
    except NetSuiteError as error:
        if not is_unanswerable(error):
            raise
        logger.info("Other records of %s cannot be looked at. %s", ids.name, said_by(error))
        return ()
    return tuple(dict.fromkeys([*newest, *oldest, *halfway]))
