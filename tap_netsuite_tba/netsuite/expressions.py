"""The expressions by which a query reads columns and compares instants.

NetSuite gives bare dates in the user's format, and date-times without their time, so both are
written out by it, instants in UTC. Where a date-time has no time zone of its own, SYS_EXTRACT_UTC
takes it only as a timestamp, which is in the zone of the session.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tap_netsuite_tba.tables import Column, ColumnType, Form

_SECONDS = "'YYYY-MM-DD HH24:MI:SS'"
_IN_UTC: Mapping[Form, str] = {
    Form.USUAL: "SYS_EXTRACT_UTC({})",
    Form.LOCAL: f"SYS_EXTRACT_UTC(TO_TIMESTAMP(TO_CHAR({{}}, {_SECONDS}), {_SECONDS}))",
}
_DAY = "TO_CHAR({}, 'YYYY-MM-DD')"
_INSTANT = 'TO_CHAR({}, \'YYYY-MM-DD"T"HH24:MI:SS"Z"\')'
_BARE = "{}"
_LABEL = "BUILTIN.DF({})"

EXPRESSIONS: Mapping[ColumnType, Mapping[Form, str]] = {
    ColumnType.INTEGER: dict.fromkeys(Form, _BARE),
    ColumnType.DECIMAL: dict.fromkeys(Form, _BARE),
    ColumnType.BOOLEAN: dict.fromkeys(Form, _BARE),
    ColumnType.DATE: dict.fromkeys(Form, _DAY),
    ColumnType.DATETIME: {form: _INSTANT.format(_IN_UTC[form]) for form in Form},
    ColumnType.TEXT: dict.fromkeys(Form, _BARE),
    ColumnType.MULTISELECT: dict.fromkeys(Form, _BARE),
}
"""What stands in a SELECT for a column of a type, in each of its forms; `{}` is the column."""

# Session time zones lie between 12 hours behind UTC and 14 ahead of it.
_ANY_TIME_ZONE = timedelta(days=1)
_HALF_A_DAY = timedelta(hours=12)


def selected(column: Column, source: str) -> str:
    """A column as a SELECT gives it, under another name where it needs one.

    Args:
        column: The column.
        source: What it is read from, with the alias of its table.
    """
    template = _LABEL if column.label_of else EXPRESSIONS[column.type][column.form]
    expression = template.format(source)
    has_alias = column.is_computed or column.wire_name != column.name
    return f"{expression} AS {column.wire_name}" if has_alias else expression


def modified_since(cursor: str, since: datetime, form: Form = Form.USUAL) -> str:
    """The condition that a date-time column has an instant or a later one."""
    # The first can use an index, a day wider than any time zone; the second is exact. At noon no
    # clock is changed: Oracle refuses a time of day that the session's zone skipped.
    noon = (
        (since - _ANY_TIME_ZONE - _HALF_A_DAY).astimezone(UTC).replace(hour=12, minute=0, second=0)
    )
    wider = f"TO_DATE('{_literal(noon)}', {_SECONDS})"
    return f"{cursor} >= {wider} AND {_IN_UTC[form].format(cursor)} >= {_timestamp(since)}"


def modified_before(cursor: str, before: datetime, form: Form = Form.USUAL) -> str:
    """The condition that a date-time column has an earlier instant."""
    return f"{_IN_UTC[form].format(cursor)} < {_timestamp(before)}"


def _timestamp(instant: datetime) -> str:
    return f"TO_TIMESTAMP('{_literal(instant)}', {_SECONDS})"


def _literal(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
