"""Expressions of SuiteQL, translated to DuckDB. What is not in the table below is refused."""

from collections.abc import Callable, Mapping

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.conversions import cast, date_arithmetic, extract
from tap_netsuite_tba.simulator.suiteql.functions import (
    AGGREGATES,
    ANALYTIC,
    FUNCTIONS,
    as_text,
)
from tap_netsuite_tba.simulator.suiteql.kinds import (
    CLOCKS,
    Expression,
    Kind,
    aligned,
    common_kind,
    quoted,
)
from tap_netsuite_tba.simulator.suiteql.labels import label
from tap_netsuite_tba.simulator.suiteql.pseudocolumns import is_pseudocolumn, pseudocolumn
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.scope import Scope

_MOST_IN_ITEMS = 1000


def translate(node: exp.Expr, scope: Scope) -> Expression:
    """Translate one expression as it is understood in ``scope``.

    Raises:
        Refusal: SuiteQL does not have such an expression, or a name in it is unknown.
    """
    handler = _HANDLERS.get(type(node))
    if handler is None:
        raise unsupported()
    return handler(node, scope)


def _column(node: exp.Expr, scope: Scope) -> Expression:
    if not isinstance(node, exp.Column) or node.args.get("join_mark"):
        raise unsupported()
    if not node.table and is_pseudocolumn(node.name):
        return pseudocolumn(node.name, scope.session.preferences, scope.rownum)
    return scope.resolve(node.name, node.table)


def _literal(node: exp.Expr, _scope: Scope) -> Expression:
    if not isinstance(node, exp.Literal):
        raise unsupported()
    if node.is_string:
        return Expression(quoted(node.name), Kind.TEXT, literal=node.name)
    return Expression(node.name, Kind.NUMBER)


def _placeholder(node: exp.Expr, _scope: Scope) -> Expression:
    # The first letter of a lifted value's name is its kind: see cache.py.
    return Expression(f"\0{node.name}\0", _PLACEHOLDERS.get(node.name[:1], Kind.UNKNOWN))


_PLACEHOLDERS = {"n": Kind.NUMBER, "s": Kind.TEXT}


def _null(_node: exp.Expr, _scope: Scope) -> Expression:
    return Expression("NULL", Kind.UNKNOWN)


def _paren(node: exp.Expr, scope: Scope) -> Expression:
    return translate(node.this, scope)


def _comparison(operator: str) -> "Handler":
    def handle(node: exp.Expr, scope: Scope) -> Expression:
        left, right = _aligned(scope, node.this, node.expression)
        return Expression(f"({left.sql} {operator} {right.sql})", Kind.CONDITION)

    return handle


def _aligned(scope: Scope, *nodes: exp.Expr) -> list[Expression]:
    values = [translate(node, scope) for node in nodes]
    in_time = any(value.kind in CLOCKS for value in values)
    # No date literals: text beside a date has to go through TO_DATE.
    if in_time and any(value.kind in {Kind.TEXT, Kind.NUMBER} for value in values):
        raise unsupported()
    return aligned(values, scope.session.preferences)


def _logical(operator: str, chain: type[exp.Expr]) -> "Handler":
    def handle(node: exp.Expr, scope: Scope) -> Expression:
        # A long chain leans to the left; walking down it saves the stack.
        operands: list[exp.Expr] = []
        while type(node) is chain:
            operands.append(node.expression)
            node = node.this
        texts = [translate(operand, scope).sql for operand in (node, *reversed(operands))]
        return Expression(f"({f' {operator} '.join(texts)})", Kind.CONDITION)

    return handle


def _not(node: exp.Expr, scope: Scope) -> Expression:
    return Expression(f"(NOT {translate(node.this, scope).sql})", Kind.CONDITION)


def _is(node: exp.Expr, scope: Scope) -> Expression:
    if not isinstance(node.expression, exp.Null):
        raise unsupported()
    value = translate(node.this, scope)
    # To Oracle an empty text is null.
    sql = f"nullif({value.sql}, '')" if value.kind is Kind.TEXT else value.sql
    return Expression(f"({sql} IS NULL)", Kind.CONDITION)


def _between(node: exp.Expr, scope: Scope) -> Expression:
    value, low, high = _aligned(scope, node.this, node.args["low"], node.args["high"])
    return Expression(f"({value.sql} BETWEEN {low.sql} AND {high.sql})", Kind.CONDITION)


def _like(node: exp.Expr, scope: Scope) -> Expression:
    escape = ""
    if isinstance(node, exp.Escape):
        escape = f" ESCAPE {translate(node.expression, scope).sql}"
        node = node.this
    if not isinstance(node, exp.Like):
        raise unsupported()
    preferences = scope.session.preferences
    value = as_text(translate(node.this, scope), preferences)
    pattern = translate(node.expression, scope)
    return Expression(f"({value.sql} LIKE {pattern.sql}{escape})", Kind.CONDITION)


def _in(node: exp.Expr, scope: Scope) -> Expression:
    if len(node.expressions) > _MOST_IN_ITEMS:
        raise unsupported()
    query = node.args.get("query")
    if query is not None:
        inner = scope.session.subquery(query.this, scope)
        if isinstance(node.this, exp.Tuple):
            values = [translate(part, scope).sql for part in node.this.expressions]
        else:
            values = [translate(node.this, scope).sql]
        if len(values) != len(inner.columns):
            raise unsupported()
        return Expression(f"(({', '.join(values)}) IN ({inner.sql}))", Kind.CONDITION)
    if not node.expressions:
        raise unsupported()
    value, *items = _aligned(scope, node.this, *node.expressions)
    texts = ", ".join(item.sql for item in items)
    return Expression(f"({value.sql} IN ({texts}))", Kind.CONDITION)


def _exists(node: exp.Expr, scope: Scope) -> Expression:
    inner = scope.session.subquery(node.this, scope)
    return Expression(f"(EXISTS ({inner.sql}))", Kind.CONDITION)


def _scalar(node: exp.Expr, scope: Scope) -> Expression:
    inner = scope.session.subquery(node.this, scope)
    if len(inner.columns) != 1:
        raise unsupported()
    [(_name, kind)] = inner.columns
    return Expression(f"({inner.sql})", kind)


def _case(node: exp.Expr, scope: Scope) -> Expression:
    branches = node.args["ifs"]
    otherwise = node.args.get("default")
    results = [translate(branch.args["true"], scope) for branch in branches]
    if otherwise is not None:
        results.append(translate(otherwise, scope))
    results = aligned(results, scope.session.preferences)
    parts: list[str] = []
    for branch, result in zip(branches, results, strict=False):
        if node.this is None:
            condition = translate(branch.this, scope).sql
        else:
            left, right = _aligned(scope, node.this, branch.this)
            condition = f"{left.sql} = {right.sql}"
        parts.append(f"WHEN {condition} THEN {result.sql}")
    if otherwise is not None:
        parts.append(f"ELSE {results[-1].sql}")
    return Expression(f"(CASE {' '.join(parts)} END)", common_kind(results))


def _negative(node: exp.Expr, scope: Scope) -> Expression:
    return Expression(f"(-{translate(node.this, scope).sql})", Kind.NUMBER)


def _arithmetic(operator: str) -> "Handler":
    def handle(node: exp.Expr, scope: Scope) -> Expression:
        left, right = translate(node.this, scope), translate(node.expression, scope)
        if left.kind in CLOCKS or right.kind in CLOCKS:
            return date_arithmetic(operator, left, right, scope.session.preferences)
        if Kind.TEXT in {left.kind, right.kind}:
            raise unsupported()  # + does not join texts
        return Expression(f"({left.sql} {operator} {right.sql})", Kind.NUMBER)

    return handle


def _concatenation(node: exp.Expr, scope: Scope) -> Expression:
    parts = [translate(part, scope) for part in node.flatten()]
    return FUNCTIONS["CONCAT"](parts, scope.session.preferences)


def _function(node: exp.Expr, scope: Scope) -> Expression:
    name = node.name.upper()
    if name in AGGREGATES:
        return _aggregate(name, node, scope)
    function = FUNCTIONS.get(name)
    if function is None:
        raise unsupported()
    arguments = [translate(argument, scope) for argument in node.expressions]
    return function(arguments, scope.session.preferences)


def _aggregate(name: str, node: exp.Expr, scope: Scope) -> Expression:
    match node.expressions:
        case [exp.Star()] if name == "COUNT":
            return Expression("count(*)", Kind.NUMBER)
        case [exp.Distinct(expressions=[only])]:
            value = translate(only, scope)
            distinct = Expression(f"DISTINCT {value.sql}", value.kind)
            return AGGREGATES[name]([distinct], scope.session.preferences)
        case [argument]:
            return AGGREGATES[name]([translate(argument, scope)], scope.session.preferences)
    raise unsupported()


def _window(node: exp.Expr, scope: Scope) -> Expression:
    inner = node.this
    if not isinstance(inner, exp.Anonymous) or node.args.get("spec"):
        raise unsupported()
    analytic = ANALYTIC.get(inner.name.upper())
    if analytic is not None:
        arguments = [translate(argument, scope) for argument in inner.expressions]
        function = analytic(arguments, scope.session.preferences)
    elif inner.name.upper() in AGGREGATES:
        function = _function(inner, scope)
    else:
        raise unsupported()
    parts: list[str] = []
    if partition := node.args.get("partition_by"):
        texts = ", ".join(translate(part, scope).sql for part in partition)
        parts.append(f"PARTITION BY {texts}")
    if order := node.args.get("order"):
        texts = ", ".join(
            translate(item.this, scope).sql + direction(item) for item in order.expressions
        )
        parts.append(f"ORDER BY {texts}")
    return Expression(f"{function.sql} OVER ({' '.join(parts)})", function.kind)


def direction(item: exp.Ordered) -> str:
    """Return the direction of a sort key; nulls are greatest, as in Oracle, unless said."""
    descending = bool(item.args.get("desc"))
    nulls_first = bool(item.args.get("nulls_first"))
    return f" {'DESC' if descending else 'ASC'} NULLS {'FIRST' if nulls_first else 'LAST'}"


def _builtin(node: exp.Expr, scope: Scope) -> Expression:
    function = node.expression
    if node.this.name.upper() != "BUILTIN" or not isinstance(function, exp.Anonymous):
        raise unsupported()
    if function.name.upper() != "DF" or len(function.expressions) != 1:
        raise unsupported()
    referring = function.expressions[0]
    if not isinstance(referring, exp.Column):
        raise unsupported()
    value = translate(referring, scope)
    return label(referring.name.lower(), value, scope.session)


def _cast(node: exp.Expr, scope: Scope) -> Expression:
    value = translate(node.this, scope)
    return cast(value, node.args["to"].this, scope.session.preferences)


def _extract(node: exp.Expr, scope: Scope) -> Expression:
    value = translate(node.expression, scope)
    return extract(node.name.lower(), value, scope.session.preferences)


Handler = Callable[[exp.Expr, Scope], Expression]

_HANDLERS: Mapping[type[exp.Expr], Handler] = {
    exp.Add: _arithmetic("+"),
    exp.And: _logical("AND", exp.And),
    exp.Anonymous: _function,
    exp.Between: _between,
    exp.Case: _case,
    exp.Cast: _cast,
    exp.Column: _column,
    exp.DPipe: _concatenation,
    exp.Div: _arithmetic("/"),
    exp.Dot: _builtin,
    exp.EQ: _comparison("="),
    exp.Escape: _like,
    exp.Exists: _exists,
    exp.Extract: _extract,
    exp.GT: _comparison(">"),
    exp.GTE: _comparison(">="),
    exp.In: _in,
    exp.Is: _is,
    exp.LT: _comparison("<"),
    exp.LTE: _comparison("<="),
    exp.Like: _like,
    exp.Literal: _literal,
    exp.Mul: _arithmetic("*"),
    exp.NEQ: _comparison("<>"),
    exp.Neg: _negative,
    exp.Not: _not,
    exp.Null: _null,
    exp.Or: _logical("OR", exp.Or),
    exp.Paren: _paren,
    exp.Placeholder: _placeholder,
    exp.Sub: _arithmetic("-"),
    exp.Subquery: _scalar,
    exp.Window: _window,
}
