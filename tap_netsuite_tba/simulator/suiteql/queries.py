"""Queries as a whole, translated to DuckDB."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.blocks import Block, Projection
from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.expressions import translate
from tap_netsuite_tba.simulator.suiteql.kinds import (
    CLOCKS,
    Expression,
    Kind,
    Preferences,
    identifier,
)
from tap_netsuite_tba.simulator.suiteql.ordering import (
    direction,
    has_direction,
    order_and_limit,
    order_items,
    position,
    row_limit,
)
from tap_netsuite_tba.simulator.suiteql.pseudocolumns import is_pseudocolumn
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.rownum import counts_rows
from tap_netsuite_tba.simulator.suiteql.scope import Scope, Session, Subquery
from tap_netsuite_tba.simulator.suiteql.selection import select
from tap_netsuite_tba.simulator.switches import Switches

_OPERATIONS = {exp.Union: "UNION", exp.Except: "EXCEPT", exp.Intersect: "INTERSECT"}


@dataclass(frozen=True)
class OutputColumn:
    """A column of the answer.

    Attributes:
        name: its key in the JSON.
        kind: how its value is printed.
        zone: of an instant, where its clock hangs; None for the session's zone.
    """

    name: str
    kind: Kind
    zone: str | None


@dataclass(frozen=True)
class Translation:
    """A whole query.

    Attributes:
        sql: DuckDB's text; its columns are ``c0``, ``c1`` ..., the sort keys ``k0`` ... and, if it
            has row ids, ``r``.
        columns: ``c0``, ``c1`` ... of the answer.
        order: the text of the ORDER BY; empty if there is none.
        is_promised: whether every sort key has its ASC or DESC.
        has_row_ids: whether each row is one of a stored table.
    """

    sql: str
    columns: tuple[OutputColumn, ...]
    order: str
    is_promised: bool
    has_row_ids: bool


def translate_query(
    query: exp.Expr, catalog: Catalog, preferences: Preferences, switches: Switches
) -> Translation:
    """Translate a query as a whole.

    Raises:
        Refusal: in NetSuite's words, whatever it does not take.
    """
    session = Session(catalog, preferences, switches, translate, _inner_query)
    block = _block(query, Scope(session))
    names = {index: f"c{index}" for index in range(len(block.projections))}
    items = order_items(query)
    others: dict[str, str] = {}
    order: list[str] = []
    for item in items:
        place = position(item.this, block)
        if place is not None:
            column = f"c{place}"
        elif block.scope is None or query.args.get("distinct"):
            raise unsupported()
        else:
            column = f"k{len(others)}"
            others[column] = block.scope.translate(item.this).sql
        order.append(column + direction(item))
    has_row_ids = bool(block.row_id)
    if has_row_ids:
        others["r"] = block.row_id
    sql = block.text(names, others)
    if limit := row_limit(query):
        tail = order_and_limit(order, limit, is_ordered=block.is_ordered)
        # Sorting whole rows would cost ten times as much as sorting their ids.
        found = f" WHERE r IN (SELECT r FROM ({sql}){tail})" if has_row_ids else tail  # noqa: S608  # translated
        sql = f"SELECT * FROM ({sql}){found}"  # noqa: S608
        has_row_ids = False
    columns = _output(block.projections, switches)
    is_promised = all(map(has_direction, items))
    return Translation(sql, columns, ", ".join(order), is_promised, has_row_ids)


def _output(projections: Sequence[Projection], switches: Switches) -> tuple[OutputColumn, ...]:
    """Return the columns of the answer, named as the answer names them."""
    columns: list[OutputColumn] = []
    computed = 0
    for projection in projections:
        name = projection.name
        if switches.aliases == "ignored" and _is_computed(projection.node):
            computed += 1
            name = f"expr{computed}"
        columns.append(OutputColumn(name, projection.value.kind, projection.value.zone))
    return tuple(columns)


def _is_computed(node: exp.Expr | None) -> bool:
    if isinstance(node, exp.Column):
        return not node.table and is_pseudocolumn(node.name)
    return node is not None


def _inner_query(query: exp.Expr, scope: Scope) -> Subquery:
    """Translate a sub-select, in which NetSuite takes no quoted names."""
    if any(name.args.get("quoted") for name in query.find_all(exp.Identifier)):
        raise unsupported()
    return _subquery(query, scope)


def _subquery(query: exp.Expr, scope: Scope) -> Subquery:
    """Translate a query inside another."""
    block = _block(query, scope)
    names = {index: projection.name for index, projection in enumerate(block.projections)}
    sql = block.text(names)
    order: list[str] = []
    for item in order_items(query):
        place = position(item.this, block)
        if place is not None:
            text = str(place + 1)
        elif block.scope is None:
            raise unsupported()
        else:
            text = block.scope.translate(item.this).sql
        order.append(text + direction(item))
    tail = order_and_limit(order, row_limit(query), is_ordered=block.is_ordered)
    columns = tuple((item.name, item.value.kind) for item in block.projections)
    return Subquery(sql + tail, columns, bool(order) or block.is_ordered)


def _block(query: exp.Expr, outer: Scope) -> Block:
    if isinstance(query, exp.Subquery):
        return _block(query.this, outer)
    if clause := query.args.get("with_"):
        outer = replace(outer, named=_named_queries(clause, outer))
    if isinstance(query, exp.SetOperation):
        return _set_operation(query, outer)
    if isinstance(query, exp.Select):
        is_counted = counts_rows(query)
        return select(query, replace(outer, sources={}, outer=outer, is_counted=is_counted))
    raise unsupported()


def _named_queries(clause: exp.Expr, outer: Scope) -> dict[str, Subquery]:
    """Translate the queries of a WITH; each may use those before it."""
    if clause.args.get("recursive"):
        raise unsupported()
    named = dict(outer.named)
    for query in clause.expressions:
        if query.args["alias"].args.get("columns"):
            raise unsupported()
        named[query.alias.lower()] = _inner_query(query.this, replace(outer, named=dict(named)))
    return named


def _set_operation(query: exp.SetOperation, outer: Scope) -> Block:
    scope = replace(outer, sources={}, outer=outer)
    left, right = _subquery(query.this, scope), _subquery(query.expression, scope)
    if len(left.columns) != len(right.columns):
        raise unsupported()
    for (_left, one), (_right, other) in zip(left.columns, right.columns, strict=True):
        if Kind.UNKNOWN not in {one, other} and _family(one) != _family(other):
            raise unsupported()
    everything = "" if query.args.get("distinct") else " ALL"
    word = _OPERATIONS[type(query)]
    projections = tuple(
        Projection(name, None, Expression(f"s.{identifier(name)}", kind))
        for name, kind in left.columns
    )
    tail = f" FROM (({left.sql}) {word}{everything} ({right.sql})) AS s"
    return Block("SELECT", projections, tail, None)


def _family(kind: Kind) -> Kind:
    """Return what a kind can be united with."""
    return Kind.DATE if kind in CLOCKS else kind
