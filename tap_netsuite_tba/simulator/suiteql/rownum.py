"""ROWNUM: rows are numbered as they pass, in the order in which they come."""

from collections.abc import Iterable

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.kinds import identifier
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.scope import Source

_COMPARISONS = (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_CONSTANTS = (exp.Literal, exp.Placeholder)
# No name of Oracle's begins so.
_PLACE = "_place"


def counts_rows(node: exp.Expr) -> bool:
    """Tell whether ROWNUM stands in a query or an expression; one inside a sub-select does not."""

    def is_inner(each: exp.Expr) -> bool:
        return isinstance(each, exp.Query) and each is not node

    return any(_is_rownum(each) for each in node.walk(prune=is_inner))


def check_row_condition(condition: exp.Expr) -> None:
    """Refuse a condition on ROWNUM that is no simple comparison.

    A row that fails does not take its number, which the next one tries: what that leads to is
    clear only where the numbers that pass are a range.

    Raises:
        Refusal: it is another condition.
    """
    bare = condition.unnest()
    if isinstance(bare, exp.Between) and _is_rownum(bare.this):
        bounds = [bare.args["low"], bare.args["high"]]
    elif isinstance(bare, _COMPARISONS) and _is_rownum(bare.this):
        bounds = [bare.expression]
    elif isinstance(bare, _COMPARISONS) and _is_rownum(bare.expression):
        bounds = [bare.this]
    else:
        raise unsupported()
    if not all(isinstance(bound.unnest(), _CONSTANTS) for bound in bounds):
        raise unsupported()


def at_a_random_place(rows: str) -> str:
    """Return DuckDB's text for the same rows, each with a place of its own by chance."""
    return f"(SELECT *, random() AS {_PLACE} FROM {rows})"  # noqa: S608  # translated


def row_number(sources: Iterable[Source]) -> str:
    """Return DuckDB's text for ROWNUM: as an inner ORDER BY has it, else by the random places."""
    if any(source.is_ordered for source in sources):
        return "row_number() OVER ()"
    places = ", ".join(f"{identifier(source.alias)}.{_PLACE}" for source in sources)
    return f"row_number() OVER (ORDER BY hash({places}))" if places else "row_number() OVER ()"


def _is_rownum(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and not node.table and node.name.upper() == "ROWNUM"
