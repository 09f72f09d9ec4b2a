"""The custom fields of the account, from its `customfield` table."""

import logging
from collections import defaultdict
from collections.abc import Mapping

from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.extraction.reader import Reader, Selection
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import QueryRefused
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.tables import Column, ColumnType, Table, is_identifier

logger = logging.getLogger(__name__)

_CUSTOM_FIELD = Table(
    name="customfield",
    key=("internalid",),
    columns=(
        Column("internalid", ColumnType.INTEGER),
        Column("scriptid", ColumnType.TEXT),
        Column("name", ColumnType.TEXT),
        Column("fieldvaluetype", ColumnType.TEXT),
    ),
)

# The prefix of a script id tells on which tables its column may be.
TABLES_BY_PREFIX: Mapping[str, tuple[str, ...]] = {
    "custbody": ("transaction",),
    "custcol": ("transactionline",),
    "custentity": ("customer", "vendor", "employee"),
    "custitem": ("item",),
}

TYPES: Mapping[str, ColumnType] = {
    "check box": ColumnType.BOOLEAN,
    "currency": ColumnType.DECIMAL,
    "date": ColumnType.DATE,
    "date/time": ColumnType.DATETIME,
    "decimal number": ColumnType.DECIMAL,
    "integer number": ColumnType.INTEGER,
    "list/record": ColumnType.INTEGER,
    "percent": ColumnType.DECIMAL,
}
"""Column types by `fieldvaluetype`; all others, multiple selects among them, are text."""


def custom_columns(fetch: Fetch, workers: Workers) -> dict[str, list[Column]]:
    """The custom columns that each table may have.

    Without permission for the custom fields there are none, and a warning says so.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    columns: dict[str, list[Column]] = defaultdict(list)
    elsewhere: list[str] = []
    selection = Selection(_CUSTOM_FIELD, _CUSTOM_FIELD.columns)
    try:
        for chunk in Reader(selection, fetch, workers, Progress()).chunks():
            for row in chunk.rows:
                name = str(row["scriptid"] or "").lower()
                prefix = next((p for p in TABLES_BY_PREFIX if name.startswith(p)), None)
                if prefix is None:
                    elsewhere.append(name)
                    continue
                if not is_identifier(name):
                    logger.warning("The custom field %r has no name that SuiteQL takes.", name)
                    continue
                kind = TYPES.get(str(row["fieldvaluetype"] or "").lower(), ColumnType.TEXT)
                for table in TABLES_BY_PREFIX[prefix]:
                    columns[table].append(Column(name, kind, row["name"] or ""))
    except QueryRefused as error:
        logger.warning("Custom fields are left out, for their list cannot be read: %s", error)
        return {}
    if elsewhere:
        logger.info("Custom fields of other records are left out: %s.", ", ".join(elsewhere))
    elif not columns:
        logger.info("The account has no custom fields, or the role sees none.")
    return {table: sorted(found, key=lambda c: c.name) for table, found in columns.items()}
