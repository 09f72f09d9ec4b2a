"""Conditions: comparisons, IN, LIKE and their like."""

from collections.abc import Mapping

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.formulas import as_text
from tap_netsuite_tba.simulator.suiteql.kinds import CLOCKS, Expression, Kind, aligned
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.scope import Handler, Scope

_MOST_IN_ITEMS = 1000


def on_one_scale(scope: Scope, *nodes: exp.Expr) -> list[Expression]:
    """Translate values that are compared, and bring them onto one scale.

    Raises:
        Refusal: a date stands beside text, a number or a parameter, or one is a condition.
    """
    values = [scope.translate(node) for node in nodes]
    if any(value.kind is Kind.CONDITION for value in values):
        raise unsupported()
    # No date literals: text beside a date has to go through TO_DATE.
    if any(value.kind in CLOCKS for value in values) and any(
        value.kind in {Kind.TEXT, Kind.NUMBER} or isinstance(node, exp.Placeholder)
        for node, value in zip(nodes, values, strict=True)
    ):
        raise unsupported()
    return aligned(values, scope.session.preferences)


def _comparison(operator: str) -> Handler:
    def handle(node: exp.Expr, scope: Scope) -> Expression:
        left, right = on_one_scale(scope, node.this, node.expression)
        return Expression(f"({left.sql} {operator} {right.sql})", Kind.CONDITION)

    return handle


def _logical(operator: str, chain: type[exp.Expr]) -> Handler:
    def handle(node: exp.Expr, scope: Scope) -> Expression:
        # A long chain leans to the left; walking down it saves the stack.
        operands: list[exp.Expr] = []
        while type(node) is chain:
            operands.append(node.expression)
            node = node.this
        texts = [scope.condition(operand) for operand in (node, *reversed(operands))]
        return Expression(f"({f' {operator} '.join(texts)})", Kind.CONDITION)

    return handle


def _not(node: exp.Expr, scope: Scope) -> Expression:
    return Expression(f"(NOT {scope.condition(node.this)})", Kind.CONDITION)


def _is(node: exp.Expr, scope: Scope) -> Expression:
    if not isinstance(node.expression, exp.Null):
        raise unsupported()
    value = scope.translate(node.this)
    if value.kind is Kind.TEXT:  # to Oracle an empty text is null
        return Expression(f"(coalesce({value.sql}, '') = '')", Kind.CONDITION)
    return Expression(f"({value.sql} IS NULL)", Kind.CONDITION)


def _between(node: exp.Expr, scope: Scope) -> Expression:
    value, low, high = on_one_scale(scope, node.this, node.args["low"], node.args["high"])
    return Expression(f"({value.sql} BETWEEN {low.sql} AND {high.sql})", Kind.CONDITION)


def _like(node: exp.Expr, scope: Scope) -> Expression:
    escape = ""
    if isinstance(node, exp.Escape):
        escape = f" ESCAPE {scope.translate(node.expression).sql}"
        node = node.this
    if not isinstance(node, exp.Like):
        raise unsupported()
    preferences = scope.session.preferences
    value = as_text(scope.translate(node.this), preferences)
    pattern = as_text(scope.translate(node.expression), preferences)
    return Expression(f"({value.sql} LIKE {pattern.sql}{escape})", Kind.CONDITION)


def _in(node: exp.Expr, scope: Scope) -> Expression:
    if len(node.expressions) > _MOST_IN_ITEMS:
        raise unsupported()
    parts = node.this.expressions if isinstance(node.this, exp.Tuple) else [node.this]
    query = node.args.get("query")
    if query is not None:
        inner = scope.session.subquery(query.this, scope)
        values = [scope.translate(part) for part in parts]
        kinds = [kind for _name, kind in inner.columns]
        if len(values) != len(kinds) or Kind.CONDITION in {value.kind for value in values}:
            raise unsupported()
        sides = ", ".join(value.sql for value in values)
        return Expression(f"(({sides}) IN ({inner.sql}))", Kind.CONDITION)
    items = [
        item.expressions if isinstance(item, exp.Tuple) else [item] for item in node.expressions
    ]
    if not items or any(len(item) != len(parts) for item in items):
        raise unsupported()
    # Each place of a tuple is a scale of its own.
    scales = [on_one_scale(scope, *scale) for scale in zip(parts, *items, strict=True)]
    left, *rows = [
        f"({', '.join(value.sql for value in row)})" for row in zip(*scales, strict=True)
    ]
    return Expression(f"({left} IN ({', '.join(rows)}))", Kind.CONDITION)


def _exists(node: exp.Expr, scope: Scope) -> Expression:
    inner = scope.session.subquery(node.this, scope)
    return Expression(f"(EXISTS ({inner.sql}))", Kind.CONDITION)


CONDITIONS: Mapping[type[exp.Expr], Handler] = {
    exp.And: _logical("AND", exp.And),
    exp.Between: _between,
    exp.EQ: _comparison("="),
    exp.Escape: _like,
    exp.Exists: _exists,
    exp.GT: _comparison(">"),
    exp.GTE: _comparison(">="),
    exp.In: _in,
    exp.Is: _is,
    exp.LT: _comparison("<"),
    exp.LTE: _comparison("<="),
    exp.Like: _like,
    exp.NEQ: _comparison("<>"),
    exp.Not: _not,
    exp.Or: _logical("OR", exp.Or),
}
