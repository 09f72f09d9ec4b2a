"""What the names in one SELECT stand for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from tap_netsuite_tba.simulator.errors import unexpected
from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.kinds import (
    Expression,
    Kind,
    Preferences,
    clock_in,
    identifier,
)
from tap_netsuite_tba.simulator.suiteql.refusals import unknown_identifier, unsupported
from tap_netsuite_tba.simulator.switches import Switches


@dataclass(frozen=True)
class Source:
    """A table or a sub-select of a FROM clause.

    Attributes:
        alias: its name in the query, lower case.
        table: the table's name; None of a sub-select.
        columns: what it has.
        written: the table's name as the query wrote it; the alias of a sub-select.
        is_ordered: whether a sub-select says in which order its rows come.
    """

    alias: str
    table: str | None
    columns: Mapping[str, Kind]
    written: str
    is_ordered: bool = False


@dataclass(frozen=True)
class Subquery:
    """A translated query inside another.

    Attributes:
        sql: DuckDB's text, without parentheses.
        columns: what it has, in order.
        is_ordered: whether it, or a query in it, says in which order its rows come.
    """

    sql: str
    columns: tuple[tuple[str, Kind], ...]
    is_ordered: bool

    @property
    def names(self) -> dict[str, Kind]:
        """Its columns by name."""
        return dict(self.columns)


@dataclass(frozen=True)
class Session:
    """What a whole query shares.

    Attributes:
        catalog: the tables of the role.
        preferences: the token user's time zone and date format.
        switches: which answer is given where facts are unsure.
        expression: translates an expression, as it is understood in a scope.
        subquery: translates a query inside another, seen from a scope.
    """

    catalog: Catalog
    preferences: Preferences
    switches: Switches
    expression: "Callable[[exp.Expr, Scope], Expression]"
    subquery: "Callable[[exp.Expr, Scope], Subquery]"


@dataclass(frozen=True)
class Scope:
    """The sources that an expression may name, and those around it.

    Attributes:
        session: what the whole query shares.
        sources: by alias.
        outer: the scope of the query around this one.
        named: the queries of a WITH, by name.
        is_counted: whether ROWNUM numbers its rows.
        rownum: DuckDB's text for ROWNUM.
    """

    session: Session
    sources: dict[str, Source] = field(default_factory=dict)
    outer: "Scope | None" = None
    named: Mapping[str, Subquery] = field(default_factory=dict)
    is_counted: bool = False
    rownum: str = "row_number() OVER ()"

    def translate(self, node: exp.Expr) -> Expression:
        """Translate an expression as it is understood here.

        Raises:
            Refusal: SuiteQL does not have such an expression, or a name in it is unknown.
        """
        return self.session.expression(node, self)

    def condition(self, node: exp.Expr) -> str:
        """Translate a condition; Oracle takes no other value in its place.

        Raises:
            Refusal: it is none.
        """
        value = self.translate(node)
        if value.kind is not Kind.CONDITION:
            raise unsupported()
        return value.sql

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
        is_known = not alias
        while scope is not None:
            candidates = scope.candidates(alias)
            is_known = is_known or bool(candidates)
            having = [source for source in candidates if name in source.columns]
            if len(having) > 1:
                raise unsupported()  # ambiguous
            if having:
                [source] = having
                sql = f"{identifier(source.alias)}.{identifier(name)}"
                return self._shown(Expression(sql, source.columns[name]))
            for source in candidates:
                if source.table is not None:
                    self.session.catalog.check(source.table, name)
            scope = scope.outer
        if self.session.switches.bad_column == "500":
            raise unexpected()
        searched = {source.alias: source.written for source in self.sources.values()}
        # The identifiers that NetSuite lists are aliases: of two names the first is unknown first.
        raise unknown_identifier(column if is_known else alias, searched)

    def _shown(self, stored: Expression) -> Expression:
        """Return a stored column as queries know it."""
        if stored.kind is not Kind.ZONELESS:
            return stored
        zone = self.session.preferences.time_zone
        return Expression(clock_in(stored.sql, zone), Kind.DATE)

    def candidates(self, alias: str) -> list[Source]:
        """Return the source with this alias, or all of them."""
        if not alias:
            return list(self.sources.values())
        source = self.sources.get(alias.lower())
        return [] if source is None else [source]


Handler = Callable[[exp.Expr, Scope], Expression]
"""Translates one form of expression as it is understood in a scope."""
