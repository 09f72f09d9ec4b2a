"""Expressions of SuiteQL, translated to DuckDB. What is not in the table below is refused."""

import re
from collections.abc import Mapping

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.calls import CALLS
from tap_netsuite_tba.simulator.suiteql.conditions import CONDITIONS, on_one_scale
from tap_netsuite_tba.simulator.suiteql.conversions import date_arithmetic
from tap_netsuite_tba.simulator.suiteql.functions import FUNCTIONS
from tap_netsuite_tba.simulator.suiteql.kinds import (
    CLOCKS,
    Expression,
    Kind,
    aligned,
    common_kind,
    quoted,
)
from tap_netsuite_tba.simulator.suiteql.pseudocolumns import is_pseudocolumn, pseudocolumn
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.scope import Handler, Scope

# Functions inside functions make texts that would keep DuckDB's planner busy for minutes.
_LONGEST = 300_000


def translate(node: exp.Expr, scope: Scope) -> Expression:
    """Translate one expression as it is understood in ``scope``.

    Raises:
        Refusal: SuiteQL does not have such an expression, or a name in it is unknown.
    """
    handler = _HANDLERS.get(type(node))
    if handler is None:
        raise unsupported()
    value = handler(node, scope)
    if len(value.sql) > _LONGEST:
        raise unsupported()
    return value


def _column(node: exp.Expr, scope: Scope) -> Expression:
    if not isinstance(node, exp.Column) or node.args.get("join_mark"):
        raise unsupported()
    if not node.table and is_pseudocolumn(node.name):
        return pseudocolumn(node.name, scope.session.preferences, scope.rownum)
    return scope.resolve(node.name, node.table)


def _literal(node: exp.Expr, _scope: Scope) -> Expression:
    if not isinstance(node, exp.Literal):
        raise unsupported()
    return _text(node) if node.is_string else Expression(node.name, Kind.NUMBER)


def _raw_literal(node: exp.Expr, _scope: Scope) -> Expression:
    """q'[text]' and n'text'."""
    return _text(node)


def _text(node: exp.Expr) -> Expression:
    # To Oracle a text without characters is null.
    sql = quoted(node.name) if node.name else "CAST(NULL AS VARCHAR)"
    return Expression(sql, Kind.TEXT, literal=node.name)


def _placeholder(node: exp.Expr, _scope: Scope) -> Expression:
    if not _LIFTED.fullmatch(node.name):
        raise unsupported()  # A bind with a name of its own.
    # The first letter of a lifted value's name is its kind: see template.py.
    return Expression(f"\0{node.name}\0", _PLACEHOLDERS.get(node.name[:1], Kind.UNKNOWN))


_LIFTED = re.compile(r"[nps][0-9]+")
_PLACEHOLDERS = {"n": Kind.NUMBER, "s": Kind.TEXT}


def _null(_node: exp.Expr, _scope: Scope) -> Expression:
    return Expression("NULL", Kind.UNKNOWN)


def _paren(node: exp.Expr, scope: Scope) -> Expression:
    return scope.translate(node.this)


def _scalar(node: exp.Expr, scope: Scope) -> Expression:
    inner = scope.session.subquery(node.this, scope)
    if len(inner.columns) != 1:
        raise unsupported()
    [(_name, kind)] = inner.columns
    return Expression(f"({inner.sql})", kind)


def _case(node: exp.Expr, scope: Scope) -> Expression:
    branches = node.args["ifs"]
    otherwise = node.args.get("default")
    results = [scope.translate(branch.args["true"]) for branch in branches]
    if otherwise is not None:
        results.append(scope.translate(otherwise))
    results = aligned(results, scope.session.preferences)
    parts: list[str] = []
    for branch, result in zip(branches, results, strict=False):
        if node.this is None:
            condition = scope.condition(branch.this)
        else:
            left, right = on_one_scale(scope, node.this, branch.this)
            condition = f"{left.sql} = {right.sql}"
        parts.append(f"WHEN {condition} THEN {result.sql}")
    if otherwise is not None:
        parts.append(f"ELSE {results[-1].sql}")
    return Expression(f"(CASE {' '.join(parts)} END)", common_kind(results))


def _negative(node: exp.Expr, scope: Scope) -> Expression:
    return Expression(f"(-{scope.translate(node.this).sql})", Kind.NUMBER)


def _arithmetic(operator: str) -> Handler:
    def handle(node: exp.Expr, scope: Scope) -> Expression:
        left, right = scope.translate(node.this), scope.translate(node.expression)
        if left.kind in CLOCKS or right.kind in CLOCKS:
            return date_arithmetic(operator, left, right, scope.session.preferences)
        if Kind.TEXT in {left.kind, right.kind}:
            raise unsupported()  # + does not join texts
        if operator == "/":
            right = _divisor(right)
        return Expression(f"({left.sql} {operator} {right.sql})", Kind.NUMBER)

    return handle


def _divisor(value: Expression) -> Expression:
    """Return a divisor that is an error where it is zero, as in Oracle's database."""
    sql = f"(CASE WHEN {value.sql} = 0 THEN error('divisor is zero') ELSE {value.sql} END)"
    return Expression(sql, Kind.NUMBER)


def _concatenation(node: exp.Expr, scope: Scope) -> Expression:
    parts = [scope.translate(part) for part in node.flatten()]
    return FUNCTIONS["CONCAT"](parts, scope.session.preferences)


_HANDLERS: Mapping[type[exp.Expr], Handler] = {
    **CALLS,
    **CONDITIONS,
    exp.Add: _arithmetic("+"),
    exp.Case: _case,
    exp.Column: _column,
    exp.DPipe: _concatenation,
    exp.Div: _arithmetic("/"),
    exp.Literal: _literal,
    exp.Mul: _arithmetic("*"),
    exp.Neg: _negative,
    exp.National: _raw_literal,
    exp.Null: _null,
    exp.Paren: _paren,
    exp.Placeholder: _placeholder,
    exp.RawString: _raw_literal,
    exp.Sub: _arithmetic("-"),
    exp.Subquery: _scalar,
}
