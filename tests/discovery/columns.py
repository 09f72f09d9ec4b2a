"""Tables whose columns are proven, and the errors that refuse one."""

from tap_netsuite_tba.discovery.columns import Proven, prove_columns
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    PermissionDenied,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
)
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, Column, ColumnType, Parent, Table

from .role import UNNAMED, Role


def table_of(width: int) -> Table:
    names = ("id", *(f"column{number}" for number in range(1, width)))
    return Table("customer", ("id",), tuple(Column(name, ColumnType.INTEGER) for name in names))


SMALL = table_of(5)
LINES = Table(
    "transactionaccountingline",
    ("transaction",),
    (
        Column("transaction", ColumnType.INTEGER),
        Column("lastmodifieddate", ColumnType.DATETIME),
        Column(PARENT_MODIFIED_AT, ColumnType.DATETIME),
    ),
    parent=Parent("transaction", "transaction"),
)


def prove(table: Table, role: Role) -> Proven:
    return prove_columns(table, table.columns, role.fetch)


def names(proven: Proven) -> tuple[list[str], set[str]]:
    return [c.name for c in proven.accepted], {r.column.name for r in proven.refused}


def unnamed(table: str, name: str) -> NetSuiteError:
    del name
    return QueryRefused(UNNAMED, table=table)


def denied(table: str, name: str) -> NetSuiteError:
    del name
    return PermissionDenied("Your current role does not have permission", status=403, table=table)


def staying_fault(table: str, name: str) -> NetSuiteError:
    del name
    return RetriesExhausted(
        ServerFault(
            "An unexpected error occurred. Error ID: abc",
            status=500,
            code="UNEXPECTED_ERROR",
            table=table,
        ),
        seconds=10,
    )
