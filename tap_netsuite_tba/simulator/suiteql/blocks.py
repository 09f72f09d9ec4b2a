"""A SELECT or UNION, translated but for its order and row limit."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.kinds import Expression, identifier
from tap_netsuite_tba.simulator.suiteql.scope import Scope

_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Projection:
    """A column that a query selects.

    Attributes:
        name: its name in the query, lower case.
        node: how it was written; None if a star stands for it.
        value: what it stands for.
    """

    name: str
    node: exp.Expr | None
    value: Expression


@dataclass(frozen=True)
class Block:
    """A query without its order and row limit.

    Attributes:
        head: DuckDB's text before the columns.
        projections: the columns.
        tail: DuckDB's text after them.
        scope: what may be sorted by; None if only the columns.
        row_id: DuckDB's text for the place of the row behind each row; empty if there are several.
        is_ordered: whether a query in its FROM says in which order its rows come.
    """

    head: str
    projections: tuple[Projection, ...]
    tail: str
    scope: Scope | None
    row_id: str = ""
    is_ordered: bool = False

    def text(self, names: Mapping[int, str], others: Mapping[str, str] = _NOTHING) -> str:
        """Return DuckDB's text.

        Args:
            names: of the columns, by their place.
            others: columns that the query does not select, by name.
        """
        items = [
            f"{projection.value.sql} AS {identifier(names[index])}"
            for index, projection in enumerate(self.projections)
        ]
        items += [f"{sql} AS {name}" for name, sql in others.items()]
        return f"{self.head} {', '.join(items)}{self.tail}"
