"""The custom fields of the account, from its `customfield` table."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.discovery.columns import prove_columns
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused, is_refusal
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.tables import Column, ColumnType, Table, is_identifier

logger = logging.getLogger(__name__)

# Accounts differ in which of the two ids the table has.
_KEYS = ("internalid", "id")
_CUSTOM_FIELD = Table(
    name="customfield",
    key=("scriptid",),
    columns=(
        *(Column(key, ColumnType.INTEGER) for key in _KEYS),
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
    columns: dict[str, dict[str, Column]] = defaultdict(dict)
    elsewhere: list[str] = []
    try:
        for row in _custom_fields(fetch, workers):
            name = str(row["scriptid"] or "").lower()
            prefix = next((p for p in TABLES_BY_PREFIX if name.startswith(p)), None)
            if prefix is None:
                elsewhere.append(name)
                continue
            if not is_identifier(name):
                logger.warning("The custom field %r has no name that SuiteQL takes.", name)
                continue
            kind = TYPES.get(str(row.get("fieldvaluetype") or "").lower(), ColumnType.TEXT)
            for table in TABLES_BY_PREFIX[prefix]:
                known = columns[table].get(name)
                if known and known.type is not kind:
                    kind = ColumnType.TEXT
                columns[table][name] = Column(name, kind, row.get("name") or "")
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        logger.warning("Custom fields are left out, for their list cannot be read: %s", error)
        return {}
    if elsewhere:
        logger.info("Custom fields of other records are left out: %s.", ", ".join(elsewhere))
    elif not columns:
        logger.info("The account has no custom fields, or the role sees none.")
    return {table: [found[name] for name in sorted(found)] for table, found in columns.items()}


def _custom_fields(fetch: Fetch, workers: Workers) -> Iterator[Row]:
    """The rows of the table, with those of its columns that this account has."""
    columns = prove_columns(_CUSTOM_FIELD, _CUSTOM_FIELD.columns, fetch).accepted
    names = [column.name for column in columns]
    key = next((name for name in _KEYS if name in names), None)
    if key is None or "scriptid" not in names:
        raise QueryRefused("it shows neither its ids nor its script ids", table="customfield")
    selection = Selection(replace(_CUSTOM_FIELD, key=(key,)), columns)
    for chunk in filter(None, Reader(selection, fetch, workers, Progress()).chunks()):
        yield from chunk.rows
