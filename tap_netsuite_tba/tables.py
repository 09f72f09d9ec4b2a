"""The nouns of the tap: tables, their columns, keys and cursors, all frozen."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

KeyValue = tuple[int, ...]
"""The values of a row's key columns, compared lexicographically."""


_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_$#]*")


class ColumnType(StrEnum):
    """What the values of a column are."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TEXT = "text"


class Group(StrEnum):
    """How a table is chosen: `system` tables are read only when they are named exactly."""

    CORE = "core"
    DETAIL = "detail"
    SYSTEM = "system"


@dataclass(frozen=True)
class Column:
    """A column of a SuiteQL table."""

    name: str
    type: ColumnType
    description: str = ""

    def __post_init__(self) -> None:
        _check_identifier(self.name)

    @property
    def wire_name(self) -> str:
        """Its name in a query's answer: Oracle's identifiers do not begin with an underscore."""
        return self.name.removeprefix("_")


@dataclass(frozen=True)
class Parent:
    """The table whose rows own the rows of another.

    Attributes:
        table: The owning table; its key is `id`.
        column: The column of the owned table that refers to it.
        cursor: The owning table's column that says when a row last changed.
    """

    table: str
    column: str
    cursor: str = "lastmodifieddate"


PARENT_MODIFIED_AT = "_sdc_parent_modified_at"
"""The column of lines that tells when their transaction was last modified."""

DELETED_AT = "_sdc_deleted_at"
"""The column that is null in rows, and tells of a deleted row when it was deleted."""


@dataclass(frozen=True)
class Table:
    """A SuiteQL table as this tap reads it.

    Attributes:
        name: As in SuiteQL, lower case.
        key: The integer columns that identify a row, leading one first.
        columns: In the order in which they are read.
        cursor: The column that tells when a row last changed; None if the table has none.
        parent: The owner of the rows, for lines, which change with their transaction.
        deleted_types: The types under which NetSuite's log of deletions names its rows, as
            `normal_type` writes them; empty if the log does not.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    cursor: str | None = None
    parent: Parent | None = None
    group: Group = Group.CORE
    description: str = ""
    deleted_types: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        parent = (self.parent.table, self.parent.column, self.parent.cursor) if self.parent else ()
        for name in (self.name, *self.key, *filter(None, [self.cursor]), *parent):
            _check_identifier(name)

    @property
    def replication_key(self) -> str | None:
        """The emitted column whose value rises when a row changes."""
        return PARENT_MODIFIED_AT if self.parent else self.cursor

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def with_columns(self, columns: tuple[Column, ...]) -> Self:
        """The same table with other columns."""
        return replace(self, columns=columns)

    def without_missing_cursor(self) -> Self:
        """The same table; without cursor, or parent, if the column that carries it is not there."""
        if self.replication_key is None or self.replication_key in self.column_names:
            return self
        return replace(self, cursor=None, parent=None)


def is_identifier(name: str) -> bool:
    """Whether a name can stand in SuiteQL as it is: lower case, no quotes, no blanks."""
    return _IDENTIFIER.fullmatch(name) is not None


def _check_identifier(name: str) -> None:
    if not is_identifier(name):
        raise ValueError(f"{name!r} is no name that SuiteQL takes unquoted.")
