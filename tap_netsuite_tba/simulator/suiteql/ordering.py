"""How rows are sorted, and how many of them are wanted."""

from collections.abc import Sequence

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.blocks import Block
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported


def order_items(query: exp.Expr) -> list[exp.Ordered]:
    """Return the sort keys of a query."""
    order = _outermost(query).args.get("order")
    return [] if order is None else list(order.expressions)


def direction(item: exp.Ordered) -> str:
    """Return the direction of a sort key; nulls are greatest, as in Oracle, unless said."""
    descending = bool(item.args.get("desc"))
    nulls_first = bool(item.args.get("nulls_first"))
    return f" {'DESC' if descending else 'ASC'} NULLS {'FIRST' if nulls_first else 'LAST'}"


def has_direction(item: exp.Ordered) -> bool:
    """Tell whether ASC or DESC was written."""
    return item.args.get("desc") is not None


def position(node: exp.Expr, block: Block) -> int | None:
    """Return which column of the block a sort key names: by number, by alias, by repetition.

    Raises:
        Refusal: there is no column of that number, or none of that name.
    """
    if isinstance(node, exp.Literal) and not node.is_string:
        number = int(node.name) - 1 if node.name.isdecimal() and len(node.name) < 4 else -1  # noqa: PLR2004
        if not 0 <= number < len(block.projections):
            raise unsupported()
        return number
    if isinstance(node, exp.Column) and not node.table:
        names = [projection.name for projection in block.projections]
        if node.name.lower() in names:
            return names.index(node.name.lower())
    if block.scope is None:
        return None
    # However it is written, t.ID or id, what is repeated is translated alike.
    values = [projection.value.sql for projection in block.projections]
    repeated = block.scope.translate(node).sql
    return values.index(repeated) if repeated in values else None


def order_and_limit(order: Sequence[str], limit: str, *, is_ordered: bool) -> str:
    """Return DuckDB's text behind a query; what the order leaves open, ties too, is chance.

    Args:
        order: its sort keys.
        limit: its row limit.
        is_ordered: whether a query in its FROM says in which order its rows come.
    """
    if order or (limit and not is_ordered):
        return f" ORDER BY {', '.join([*order, 'random()'])}{limit}"
    return limit


def row_limit(query: exp.Expr) -> str:
    """Return what TOP n, or FETCH FIRST n ROWS ONLY and its OFFSET, say; empty if nothing.

    Raises:
        Refusal: a number is no literal, or it is a share of the rows.
    """
    query = _outermost(query)
    limit, offset = query.args.get("limit"), query.args.get("offset")
    text = ""
    if limit is not None:
        options = limit.args.get("limit_options")
        if options and (options.args.get("percent") or options.args.get("with_ties")):
            raise unsupported()
        count = limit.args.get("count") or limit.args.get("expression")
        text = f" LIMIT {'1' if count is None else _number(count)}"
    if offset is not None:
        text += f" OFFSET {_number(offset.expression)}"
    return text


def _number(node: exp.Expr) -> str:
    if not isinstance(node, exp.Literal) or not node.name.isdecimal():
        raise unsupported()
    return node.name


def _outermost(query: exp.Expr) -> exp.Expr:
    while isinstance(query, exp.Subquery) and not query.args.get("order"):
        query = query.this
    return query
