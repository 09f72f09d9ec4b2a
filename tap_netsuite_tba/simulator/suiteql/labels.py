"""What a reference is called: the names behind BUILTIN.DF, and where they stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tap_netsuite_tba.simulator.suiteql.formulas import as_text
from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, identifier, quoted
from tap_netsuite_tba.simulator.suiteql.scope import Session

# Of a table: its key, and the columns that name a row, the first that there is. A record that
# stands below another is shown with those above it.
NAMES: Mapping[str, tuple[str, ...]] = {
    "account": ("id", "accountsearchdisplayname", "acctname"),
    "accountingperiod": ("id", "periodname"),
    "accounttype": ("id", "longname"),
    "classification": ("id", "fullname", "name"),
    "customer": ("id", "entityid"),
    "department": ("id", "fullname", "name"),
    "employee": ("id", "entityid"),
    "entitystatus": ("key", "name"),
    "item": ("id", "itemid"),
    "location": ("id", "fullname", "name"),
    "subsidiary": ("id", "fullname", "name"),
    "transaction": ("id", "trandisplayname"),
    "vendor": ("id", "entityid"),
}
PLAIN_NAMES = ("id", "name")

# Referring columns -> the tables that they may point to.
_ENTITIES = ("customer", "vendor", "employee")
_REFERENCES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("account", "receivablesaccount", "payablesaccount"), ("account",)),
    **dict.fromkeys(("expenseaccount", "incomeaccount", "assetaccount"), ("account",)),
    **dict.fromkeys(("gainlossaccount", "deferralaccount", "deferralacct"), ("account",)),
    **dict.fromkeys(("deferredrevenueaccount", "cogsaccount"), ("account",)),
    **dict.fromkeys(("intercoexpenseaccount", "intercoincomeaccount"), ("account",)),
    "accountingbook": ("accountingbook",),
    "accttype": ("accounttype",),
    "class": ("classification",),
    **dict.fromkeys(("createdfrom", "transaction", "opportunity"), ("transaction",)),
    **dict.fromkeys(("currency", "primarycurrency", "vendorcurrency"), ("currency",)),
    "customer": ("customer",),
    "department": ("department",),
    **dict.fromkeys(("createdby", "deletedby", "employee", "lastmodifiedby"), ("employee",)),
    **dict.fromkeys(("nextapprover", "owner", "salesrep", "supervisor"), ("employee",)),
    **dict.fromkeys(("purchaseorderapprover", "timeapprover"), ("employee",)),
    "entity": _ENTITIES,
    "entitystatus": ("entitystatus",),
    "item": ("item",),
    "location": ("location",),
    "postingperiod": ("accountingperiod",),
    **dict.fromkeys(("price", "pricelevel"), ("pricelevel",)),
    "subsidiary": ("subsidiary",),
    "terms": ("term",),
    "vendor": ("vendor",),
}
# The record types that NetSuite itself has, by the numbers that custom fields call them by.
STANDARD_TYPES: Mapping[int, str] = {-2: "customer", -3: "vendor", -4: "employee", -10: "item"}
_SEGMENT = "cseg"


@dataclass(frozen=True)
class Referring:
    """A column whose label is asked for.

    Attributes:
        column: its name, lower case.
        table: its table's; None where it is not known.
        value: the reference itself.
        type: the transaction's type beside it; None where there is none.
    """

    column: str
    table: str | None
    value: Expression
    type: Expression | None


def label(referring: Referring, session: Session) -> Expression:
    """Return the label of a reference; several where there are several ids, else the value.

    Checked boxes are Yes and No, which is a guess.
    """
    found = _found(referring, session)
    plain = as_text(referring.value, session.preferences).sql
    if found and referring.value.kind is Kind.NUMBER and not referring.column.startswith("cust"):
        plain = f"CAST({referring.value.sql} AS VARCHAR)"  # an id is a whole number
    if referring.value.kind is Kind.TEXT and referring.type is None:
        plain = f"(CASE {plain} WHEN 'T' THEN 'Yes' WHEN 'F' THEN 'No' ELSE {plain} END)"
    return Expression(f"coalesce({', '.join([*found, plain])})", Kind.TEXT)


def status_code(referring: Referring) -> Expression:
    """Return a transaction's status with its type, such as ``SalesOrd:B``."""
    if referring.type is None:
        return referring.value
    return Expression(f"({referring.type.sql} || ':' || {referring.value.sql})", Kind.TEXT)


def _found(referring: Referring, session: Session) -> list[str]:
    """Return DuckDB's texts for the labels that may be there, the likeliest first."""
    column, value = referring.column, referring.value
    if referring.type is not None:
        return _statuses(referring, session)
    if column.startswith("cust"):
        return _custom(column, value, session)
    return _lookups(referred_tables(column, referring.table), value, session)


def referred_tables(column: str, table: str | None) -> tuple[str, ...]:
    """Return the tables that a standard column may point to.

    Args:
        column: its name, lower case.
        table: its table's; None where it is not known.
    """
    if table is not None and column in {"parent", "category"}:
        return (table if column == "parent" else f"{table}category",)
    if column.startswith(_SEGMENT):
        return (f"customrecord_{column}",)
    return _REFERENCES.get(column, ())


def _statuses(referring: Referring, session: Session) -> list[str]:
    """Return a status's full name, such as ``Sales Order : Billed``, or a type's part of it."""
    if not _has(session, "transactionstatus", {"id", "trantype", "fullname"}):
        return []
    name, condition = "split_part(fullname, ' : ', 1)", ""
    if referring.column == "status":
        name, condition = "fullname", f" AND s.id = {referring.value.sql}"
    kind = referring.value.sql if referring.type is None else referring.type.sql
    condition = f"s.trantype = {kind}{condition}"
    return [f"(SELECT any_value({name}) FROM transactionstatus AS s WHERE {condition})"]  # noqa: S608  # translated


def _lookups(tables: Iterable[str], value: Expression, session: Session) -> list[str]:
    # No two of the tables that one column may point to share an id.
    options = [option for table in tables if (option := _options(table, session))]
    return [_named(" UNION ALL ".join(options), value)] if options else []


def _options(table: str, session: Session) -> str:
    """Return a query for the keys and names of a table; empty if the role may not read them."""
    key, *names = NAMES.get(table, PLAIN_NAMES)
    for name in names:
        if _has(session, table, {key, name}):
            columns = f"{identifier(key)} AS id, {identifier(name)} AS name"
            return f"SELECT {columns} FROM {session.catalog.rows(table)}"  # noqa: S608  # translated
    return ""


def _named(options: str, value: Expression) -> str:
    """Return the name of one id, or the names of several in a text such as ``1, 3``."""
    if value.kind is not Kind.TEXT:
        return f"(SELECT any_value(o.name) FROM ({options}) AS o WHERE o.id = {value.sql})"  # noqa: S608
    ids = f"string_split({value.sql}, ', ')"
    key = "CAST(o.id AS VARCHAR)"
    joined = f"string_agg(o.name, ', ' ORDER BY list_position({ids}, {key}))"
    return f"(SELECT {joined} FROM ({options}) AS o WHERE list_contains({ids}, {key}))"  # noqa: S608


def _custom(column: str, value: Expression, session: Session) -> list[str]:
    """Return the name that a custom field's list or record type gives to the value.

    Which one that is stands in the account's own rows, so that all of them are looked through.
    """
    names = session.catalog.visible_tables()
    tables = [name for name in names if name.startswith(("customlist_", "customrecord"))]
    options = [
        f"SELECT {quoted(table)} AS t, id, name FROM ({option})"  # noqa: S608  # translated
        for table in [*tables, *STANDARD_TYPES.values()]
        if (option := _options(table, session))
    ]
    wanted = _wanted(column, session)
    if not wanted or not options:
        return []
    chosen = f"SELECT id, name FROM ({' UNION ALL '.join(options)}) WHERE t = {wanted}"  # noqa: S608
    return [_named(chosen, value)]


def _wanted(column: str, session: Session) -> str:
    """Return a query for the table that a custom field points to; empty without metadata."""
    if not _has(session, "customfield", {"scriptid", "fieldvaluetyperecord"}):
        return ""
    standard = ", ".join(f"({number}, '{name}')" for number, name in STANDARD_TYPES.items())
    kinds = [f"(VALUES {standard})"]
    kinds += [
        f"(SELECT internalid, lower(scriptid) FROM {kind})"  # noqa: S608  # translated
        for kind in ("customlist", "customrecordtype")
        if _has(session, kind, {"internalid", "scriptid"})
    ]
    types = f"({' UNION ALL '.join(kinds)}) AS k(number, t)"
    field = f"k.number = f.fieldvaluetyperecord AND lower(f.scriptid) = {quoted(column)}"
    return f"(SELECT any_value(k.t) FROM customfield AS f JOIN {types} ON {field})"  # noqa: S608


def _has(session: Session, table: str, columns: set[str]) -> bool:
    catalog = session.catalog
    return table in catalog.visible_tables() and columns <= catalog.columns(table).keys()
