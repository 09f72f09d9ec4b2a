"""BUILTIN.DF: the label of a reference instead of its internal id."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.errors import Refusal
from tap_netsuite_tba.simulator.suiteql.functions import as_text
from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, identifier
from tap_netsuite_tba.simulator.suiteql.scope import Session

# Referring column -> tables that it may point to, each with the column that names a row.
_REFERENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "account": (("account", "acctname"),),
    "class": (("classification", "name"),),
    "currency": (("currency", "name"),),
    "customer": (("customer", "entityid"),),
    "department": (("department", "name"),),
    "employee": (("employee", "entityid"),),
    "entity": (("customer", "entityid"), ("vendor", "entityid"), ("employee", "entityid")),
    "item": (("item", "itemid"),),
    "location": (("location", "name"),),
    "postingperiod": (("accountingperiod", "periodname"),),
    "subsidiary": (("subsidiary", "name"),),
    "vendor": (("vendor", "entityid"),),
}


def label(column: str, value: Expression, session: Session) -> Expression:
    """Return the label of what ``column`` refers to; the id where nothing names it.

    Args:
        column: the referring column's name.
        value: the reference itself.
        session: whose role looks.
    """
    found = [
        f"(SELECT any_value({identifier(name)}) FROM {identifier(table)}"  # noqa: S608  # translated
        f" WHERE {identifier(table)}.id = {value.sql})"
        for table, name in _REFERENCES.get(column, ())
        if _has(session, table, name)
    ]
    plain = as_text(value, session.preferences).sql
    return Expression(f"coalesce({', '.join([*found, plain])})", Kind.TEXT)


def _has(session: Session, table: str, column: str) -> bool:
    try:
        columns = session.catalog.columns(table)
    except Refusal:
        return False
    return {"id", column} <= columns.keys()
