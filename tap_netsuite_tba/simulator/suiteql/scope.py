"""What the names in one SELECT stand for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, Preferences, identifier
from tap_netsuite_tba.simulator.suiteql.refusals import unknown_column


@dataclass(frozen=True)
class Source:
    """A table or a sub-select of a FROM clause.

    Attributes:
        alias: its name in the query, lower case.
        table: the table's name; None of a sub-select.
        columns: what it has.
    """

    alias: str
    table: str | None
    columns: Mapping[str, Kind]


@dataclass(frozen=True)
class Subquery:
    """A translated query inside another.

    Attributes:
        sql: DuckDB's text, without parentheses.
        columns: what it has, in order.
    """

    sql: str
    columns: tuple[tuple[str, Kind], ...]


@dataclass(frozen=True)
class Session:
    """What a whole query shares.

    Attributes:
        catalog: the tables of the role.
        preferences: the token user's time zone and date format.
        subquery: translates a query inside another, seen from a scope.
    """

    catalog: Catalog
    preferences: Preferences
    subquery: "Callable[[exp.Expr, Scope], Subquery]"


@dataclass(frozen=True)
class Scope:
    """The sources that an expression may name, and those around it.

    Attributes:
        session: what the whole query shares.
        sources: by alias.
        outer: the scope of the query around this one.
        rownum: DuckDB's text for ROWNUM.
    """

    session: Session
    sources: dict[str, Source] = field(default_factory=dict)
    outer: "Scope | None" = None
    rownum: str = "row_number() OVER ()"

    def resolve(self, column: str, alias: str = "") -> Expression:
        """Find a column, here or in the scopes around.

        Args:
            column: its name as the query wrote it.
            alias: the name before the dot.

        Raises:
            Refusal: no source has it, or the role may not read it.
        """
        name = column.lower()
        scope: Scope | None = self
        while scope is not None:
            for source in scope.candidates(alias):
                if name in source.columns:
                    sql = f"{identifier(source.alias)}.{identifier(name)}"
                    return Expression(sql, source.columns[name])
                if source.table is not None:
                    self.session.catalog.check(source.table, name)
            scope = scope.outer
        searched = {source.alias: source.table or source.alias for source in self.sources.values()}
        raise unknown_column(column, searched)

    def candidates(self, alias: str) -> list[Source]:
        """Return the source with this alias, or all of them."""
        if not alias:
            return list(self.sources.values())
        source = self.sources.get(alias.lower())
        return [] if source is None else [source]
