"""Some records of either end of a type, by which it is told what all have in common."""

import logging

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import expressions, select_rows
from tap_netsuite_tba.tables import Table

logger = logging.getLogger(__name__)

OF_EITHER_END = 10
"""So many of the newest and of the oldest."""


def keys_of_ends(ids: Table, fetch: Fetch) -> tuple[int, ...]:
    """The ids of the newest and of the oldest records; of all if there are few, none if refused.

    Args:
        ids: The table whose rows are the records.
        fetch: Sends a query.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    columns = tuple(column for column in ids.columns if column.name in ids.key)
    decoder = RowDecoder(ids.name, columns, ids.key, expressions(columns))
    keys: dict[int, None] = {}
    for descending in (True, False):
        text = select_rows(ids, columns, descending=descending)
        query = Query(text, OF_EITHER_END, ids.name, patience=SHORT_PATIENCE, is_optional=True)
        try:
            rows = decoder.decode(fetch(query).items)
        except NetSuiteError as error:
            if not is_unanswerable(error):
                raise
            logger.info("Other records of %s cannot be looked at. %s", ids.name, said_by(error))
            return ()
        keys |= dict.fromkeys(row[ids.key[0]] for row in rows)
    return tuple(keys)
