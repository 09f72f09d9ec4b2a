"""What goes wrong in queries that people write, and how it is explained."""

import pytest
from hypothesis import given

from tap_netsuite_tba.explanations import functions_instead, trap_words
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    PermissionDenied,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
)
from tap_netsuite_tba.netsuite.trap_finders import FINDERS, MOST_COLUMNS, MOST_LISTED
from tap_netsuite_tba.netsuite.traps import (
    EMPTY,
    FATAL,
    REFUSED,
    SILENT,
    UNNAMED,
    explained,
    reasons,
    traps,
)
from tests.netsuite.test_query_text import ANYTHING, select

PREFIX = "Invalid search query. Detailed unprocessed description follows. "
UNSUPPORTED = "Search error occurred: Invalid or unsupported search."


def refusal(words: str) -> QueryRefused:
    return QueryRefused(PREFIX + words, status=400, code="INVALID_PARAMETER")


def found(text: str) -> dict[str, str]:
    """What was found of each trap."""
    return {trap.key: trap.found for trap in traps(text)}


TRAPPED = {
    "no_select": ("UPDATE t SET a = 1", "UPDATE"),
    "unclosed": ("SELECT a FROM t WHERE b = 'c", "'c"),
    "several_statements": ("SELECT a FROM t; SELECT b FROM u", ";"),
    "too_many_columns": (select(", ".join(f"c{n}" for n in range(101))), "101"),
    "same_name": ("SELECT t.id, e.ID FROM t, e", "id"),
    "compound_status": ("SELECT a FROM t WHERE t.status IN ('B', 'SalesOrd:B')", "'SalesOrd:B'"),
    "iso_date": ("SELECT a FROM t WHERE t.trandate >= '2026-01-31'", "'2026-01-31'"),
    "limit": ("SELECT a FROM t ORDER BY a limit 5", "LIMIT"),
    "offset": ("SELECT a FROM t ORDER BY a OFFSET 5 ROWS", "OFFSET"),
    "with": ("WITH x AS (SELECT 1 a FROM t) SELECT a FROM x", "WITH"),
    "order_inside": ("SELECT a FROM (SELECT a FROM t ORDER BY a) u", "ORDER BY"),
    "unaliased": ("SELECT a, COUNT(*) FROM t GROUP BY a", "COUNT(*)"),
    "unknown_function": ("SELECT Left(a, 1) b FROM t LEFT JOIN u ON 1 = 1", "Left"),
    "boolean_word": ("SELECT a FROM t WHERE t.isinactive = False AND b = 'TRUE'", "False"),
    "quoted_text": ('SELECT a FROM t WHERE b = "x"', '"x"'),
    "quoted_name": ('SELECT t.a "A b" FROM t', '"A b"'),
    "brackets": ("SELECT [a] AS a FROM `t`", "[a]"),
    "plus_between_texts": ("SELECT a + ', ' + b AS c FROM t", "+ ', '"),
    "outer_join_by_plus": ("SELECT a FROM t, u WHERE t.a = u.a (+)", "(+)"),
    "mixed_joins": ("SELECT a FROM t, u JOIN v ON v.a = u.a", "JOIN"),
    "many_listed": (select("a", f"t WHERE a IN ({', '.join('1' * 1001)})"), "1001"),
    "star": ("SELECT a, t.* FROM t", "t.*"),
}


def test_each_trap_that_a_text_can_show_has_words_and_an_example() -> None:
    assert set(TRAPPED) == set(FINDERS)
    assert set(FINDERS) <= {words.key for words in trap_words()}
    assert {words.key for words in trap_words() if not words.says} <= set(FINDERS)


@pytest.mark.parametrize("key", TRAPPED)
def test_a_trap_is_found_and_named(key: str) -> None:
    text, what = TRAPPED[key]
    assert found(text) == {key: what}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a, b AS c, t.d FROM t JOIN u ON u.a = t.a ORDER BY a;",
        "SELECT a FROM t WHERE d >= TO_DATE('2026-01-31', 'YYYY-MM-DD')",
        "SELECT a FROM t WHERE TO_CHAR(d, 'YYYY-MM-DD') >= '2026-01-31'",
        "SELECT a FROM t WHERE status = 'B' AND memo = 'SalesOrd:Because'",
        "SELECT a FROM t WHERE memo = 'LIMIT 5; [x]' -- LIMIT 5 ; [",
        "SELECT a FROM t ORDER BY a FETCH FIRST 5 ROWS ONLY",
        "SELECT ROW_NUMBER() OVER (PARTITION BY (a) ORDER BY b) AS n FROM t",
        "SELECT a FROM t LEFT JOIN (SELECT b FROM u, v) w ON w.b = t.a",
        "SELECT a + 1 AS b, 'x' || c AS d, EXTRACT(YEAR FROM e) AS f FROM t",
        "SELECT limit, offset, left FROM t",
        "(SELECT a FROM t) UNION (SELECT b FROM u)",
    ],
)
def test_what_suiteql_takes_is_no_trap(text: str) -> None:
    assert found(text) == {}


def test_a_hundred_columns_and_a_thousand_values_are_none() -> None:
    columns = ", ".join(f"c{n}" for n in range(MOST_COLUMNS))
    values = ", ".join(["(1)", *("1" * (MOST_LISTED - 1))])
    assert found(select(columns, f"t WHERE a IN ({values})")) == {}


@pytest.mark.parametrize("alias", ['a AS "x"', 'a "x"', 'date "x"', 'COUNT(*) "x"', 't.a "x"'])
def test_a_quoted_alias_is_found_wherever_it_stands(alias: str) -> None:
    assert found(select(f"b, {alias}"))["quoted_name"] == '"x"'
    assert found(select("b", f"({select(alias.replace('date', 'd'))}) u"))["quoted_name"] == '"x"'


@pytest.mark.parametrize("written", ["b = TRUE", "FALSE <> b", "b IS TRUE"])
def test_a_boolean_is_found_beside_what_it_is_compared_with(written: str) -> None:
    assert ("boolean_word" in found(select("a", f"t WHERE {written}"))) == ("b " in written)


def test_brackets_are_told_before_the_name_that_they_hide() -> None:
    assert traps("SELECT [a], COUNT(*) FROM t")[0].key == "brackets"


@pytest.mark.parametrize(
    ("written", "is_compared"),
    [
        ("d > '2026-01-31'", True),
        ("d BETWEEN '2026-01-31' AND SYSDATE", True),
        ("d = DATE '2026-01-31'", True),
        ("d < '2026-1-31 08:00'", True),
        ("NVL('2026-01-31', d) = d", False),
        ("MAX(d) > '2026-01-31'", False),
        ("d > '31.01.2026'", False),
    ],
)
def test_a_text_that_looks_like_a_date_counts_beside_a_column(
    written: str, *, is_compared: bool
) -> None:
    assert ("iso_date" in found(select("a", f"t WHERE {written}"))) == is_compared


IN_SUB_SELECT = "(SELECT TO_CHAR(t.trandate, 'YYYY-MM-DD') AS d FROM t) s"
BESIDE = "u WHERE d > '2026-01-01'"
IN_SUB_SELECT_CF = "(SELECT BUILTIN.CF(t.status) AS status FROM t) s"


@pytest.mark.parametrize(
    ("selected", "rest", "is_trap"),
    [
        ("TO_CHAR(t.trandate, 'X') AS trandate", "t WHERE t.trandate >= '2026-01-01'", True),
        ("TO_CHAR(t.d, 'YYYY-MM-DD') AS d", "t WHERE (t.d >= '2026-01-01')", True),
        ("s.d", f"{IN_SUB_SELECT} WHERE s.d >= '2026-01-01'", False),
        ("s.d", f"{IN_SUB_SELECT} WHERE (1 = 2 OR s.d >= '2026-01-01')", False),
        ("s.d", f"{IN_SUB_SELECT} WHERE s.trandate >= '2026-01-01'", True),
        ("s.d", f"{IN_SUB_SELECT}, ({select('u.d', BESIDE)}) v", True),
    ],
)
def test_only_what_a_sub_select_makes_of_a_date_is_a_text_outside_of_it(
    selected: str, rest: str, *, is_trap: bool
) -> None:
    assert ("iso_date" in found(select(selected, rest))) == is_trap


def test_a_select_that_ends_before_it_begins_hides_no_date() -> None:
    assert "iso_date" in found("SELECT a FROM t WHERE d > '2026-01-01' UNION SELECT")


@pytest.mark.parametrize(
    ("selected", "rest", "is_trap"),
    [
        ("id AS cf", "t WHERE t.status = 'SalesOrd:B'", True),
        ("BUILTIN.CF(t.type) AS x", "t WHERE t.status = 'SalesOrd:B'", True),
        ("BUILTIN.CF(t.status) AS x", "t WHERE t.status = 'SalesOrd:B'", True),
        ("t.cf", "t WHERE 'SalesOrd:B' = t.status", True),
        ("t.status", "t WHERE BUILTIN.CF(t.status) IN ('SalesOrd:B', 'SalesOrd:F')", False),
        ("id", "t WHERE NVL(builtin.cf( status ), 'x') = 'SalesOrd:B'", False),
        ("id", "t WHERE 'SalesOrd:B' = BUILTIN.CF(t.status)", False),
        ("CASE BUILTIN.CF(t.status) WHEN 'SalesOrd:B' THEN 1 END AS x", "t", False),
        ("s.status", f"{IN_SUB_SELECT_CF} WHERE s.status = 'SalesOrd:B'", False),
    ],
)
def test_a_compound_status_fits_what_builtin_cf_makes_of_the_status(
    selected: str, rest: str, *, is_trap: bool
) -> None:
    assert ("compound_status" in found(select(selected, rest))) == is_trap


def test_what_cannot_be_asked_comes_first_and_is_told_apart() -> None:
    effects = [trap.effect for trap in traps("SELECT * FROM t WHERE a = '2026-01-31' LIMIT 5; x")]
    assert effects[0] == FATAL
    assert sorted(effects[1:]) == [EMPTY, REFUSED, SILENT]
    [unnamed] = traps("SELECT COUNT(*) FROM t")
    assert unnamed.effect == UNNAMED
    assert not unnamed.is_fatal


@given(ANYTHING)
def test_any_text_can_be_looked_through(text: str) -> None:
    assert all(str(trap).endswith(".") for trap in traps(text))


@pytest.mark.parametrize("key", [key for key in TRAPPED if key not in {"no_select", "unclosed"}])
def test_a_refusal_without_a_reason_gets_that_of_the_trap(key: str) -> None:
    text, _ = TRAPPED[key]
    [trap] = traps(text)
    said = explained(refusal(UNSUPPORTED), text)
    assert said.startswith(f"NetSuite refused the query: {PREFIX}{UNSUPPORTED.rstrip('.')} [400")
    assert (str(trap) in said) == (not trap.is_answered)


def test_a_refusal_of_a_query_without_traps_has_no_reason_invented() -> None:
    error = refusal("Search error occurred: Something of tomorrow.")
    assert reasons(error, "SELECT a FROM t") == ()
    assert explained(error, "SELECT a FROM t") == str(error)


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (UNSUPPORTED, "a form of SELECT that SuiteQL does not have, and does not say which"),
        ("Failed to parse SQL [x]: syntax error, near: FORM(1,8, token code:0)", "at FORM or just"),
    ],
)
def test_words_that_netsuite_has_for_many_things_are_explained_where_nothing_else_is(
    words: str, meaning: str
) -> None:
    assert reasons(refusal(words), "SELECT a FROM t") == ()
    assert meaning in explained(refusal(words), "SELECT a FROM t")
    assert meaning not in explained(refusal(words), "SELECT a FROM t LIMIT 5")


@pytest.mark.parametrize(
    ("words", "key", "name"),
    [
        ("Search error occurred: Record 'customer' was not found.", "hidden_table", "customer"),
        ("Invalid search type: salesorder.", "unknown_table", "salesorder"),
        (
            "Search error occurred: Unknown identifier 'a'. Available identifiers are: {b=b}.",
            "unknown_column",
            "a",
        ),
        (
            "Search error occurred: Field 'a' for record 'b' was not found. Reason: NOT_EXPOSED",
            "hidden_column",
            "a",
        ),
        ("Search error occurred: Unknown identifier 'expr1'.", "unaliased", "expr1"),
    ],
)
def test_what_netsuite_names_is_explained_by_that_alone(words: str, key: str, name: str) -> None:
    [trap] = reasons(refusal(words), "SELECT a FROM t WHERE d > '2026-01-31' LIMIT 5")
    assert (trap.key, trap.found) == (key, name)
    assert name in trap.cause


def test_a_name_that_was_meant_as_a_text_is_told_so() -> None:
    error = refusal("Search error occurred: Unknown identifier 'B'.")
    text = 'SELECT a FROM t WHERE type = "A" AND status = "b" LIMIT 5'
    assert [trap.key for trap in reasons(error, text)] == ["unknown_column"]
    text = 'SELECT a FROM t WHERE status = "b" LIMIT 5'
    assert [trap.key for trap in reasons(error, text)] == ["quoted_text"]


def test_where_netsuite_says_near_what_only_that_is_told() -> None:
    text = "SELECT LEFT(a, 1) b FROM t LIMIT 5"
    near = "Failed to parse SQL [{}]: syntax error, state:0(10102) near: {}(1,28, token code:0)"
    told = reasons(refusal(near.format(text, "LIMIT")), text)
    assert [trap.key for trap in told] == ["limit"]
    told = reasons(refusal(near.format(text, "5")), text)
    assert [trap.key for trap in told] == ["limit", "unknown_function"]


def test_a_fault_at_a_query_may_be_for_a_trap_but_no_other_trouble() -> None:
    text = "SELECT a FROM t LIMIT 5"
    fault = ServerFault("An unexpected error occurred.", status=500, code="UNEXPECTED_ERROR")
    lasting = RetriesExhausted(fault, seconds=10)
    assert [trap.key for trap in reasons(lasting, text)] == ["limit"]
    assert "fails at some columns" not in explained(lasting, text)
    assert "fails at some columns" in explained(lasting, "SELECT a FROM t")
    others: list[NetSuiteError] = [
        PermissionDenied("No.", status=403, code="INSUFFICIENT_PERMISSION"),
        RetriesExhausted(ServerFault("Down.", status=503), seconds=10),
    ]
    for error in others:
        assert explained(error, text) == str(error)


@pytest.mark.parametrize("function", functions_instead())
def test_a_function_that_suiteql_lacks_has_another_way(function: str) -> None:
    error = refusal(UNSUPPORTED)
    said = explained(error, select(f"{function}(a) AS b"))
    assert said.endswith(f"SuiteQL has no function {function}. {functions_instead()[function]}")


def test_a_long_expression_is_shown_by_its_beginning_in_one_line() -> None:
    [trap] = traps(select(f"COALESCE(\n  a,\n\n {', '.join('b' * 99)})"))
    assert "The expression COALESCE( a, b, b" in trap.cause
    assert len(trap.cause) < 250
