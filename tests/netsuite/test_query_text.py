"""What the text of a query tells, whatever it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.query_sources import Source
from tap_netsuite_tba.netsuite.query_text import Outline, outline
from tap_netsuite_tba.netsuite.query_tokens import Kind, is_closed, tokens_of
from tap_netsuite_tba.netsuite.select_list import Item


def select(listed: str, rest: str = "t") -> str:
    return f"SELECT {listed} FROM {rest}"  # noqa: S608 - a test's own


def items(selected: str) -> list[tuple[str, str | None]]:
    """Expressions and names of a SELECT list."""
    return [(item.expression, item.name) for item in outline(select(selected)).items]


@pytest.mark.parametrize(
    ("written", "expression", "name"),
    [
        ("id", "id", "id"),
        ("t.Id", "t.Id", "id"),
        ("t . id", "t . id", "id"),
        ("id number", "id", "number"),
        ("id AS Number", "id", "number"),
        ('id AS "Order No"', "id", "order no"),
        ('t."id"', 't."id"', "id"),
        ("COUNT(*)", "COUNT(*)", None),
        ("COUNT(*) n", "COUNT(*)", "n"),
        ("a + b", "a + b", None),
        ("a * b", "a * b", None),
        ("a * b AS c", "a * b", "c"),
        ("a || 'x, y' c", "a || 'x, y'", "c"),
        ("NVL(a, b, 'FROM') c", "NVL(a, b, 'FROM')", "c"),
        ("CASE WHEN a = 1 THEN b ELSE c END", "CASE WHEN a = 1 THEN b ELSE c END", None),
        ("CASE a WHEN 1 THEN 2 END x", "CASE a WHEN 1 THEN 2 END", "x"),
        ("(SELECT MAX(b), c FROM u) m", "(SELECT MAX(b), c FROM u)", "m"),
        ("CAST(a AS DATE)", "CAST(a AS DATE)", None),
        ("CAST(a AS DATE) d", "CAST(a AS DATE)", "d"),
        ("SUM(a) OVER (PARTITION BY b ORDER BY c) s", None, "s"),
        ("NULL", "NULL", None),
        ("NULL AS nothing", "NULL", "nothing"),
        ("SYSDATE", "SYSDATE", None),
        ("a /* b */ c", "a", "c"),
        ("a -- b\n", "a", "a"),
        ("12 n", "12", "n"),
        ("'it''s' t", "'it''s'", "t"),
        ("EXTRACT(YEAR FROM d) y", "EXTRACT(YEAR FROM d)", "y"),
    ],
)
def test_an_entry_has_its_expression_and_its_name(
    written: str, expression: str | None, name: str | None
) -> None:
    expression = expression or written.rpartition(" ")[0]
    assert items(f"{written}, last") == [(expression, name), ("last", "last")]


def test_a_star_has_no_name_but_perhaps_a_source() -> None:
    first, second, count = outline("SELECT *, T.*, COUNT(*) FROM t").items
    assert first == Item("*", is_star=True)
    assert second == Item("T.*", source="t", is_star=True)
    assert not count.is_star


@pytest.mark.parametrize(
    ("written", "function"),
    [
        ("COUNT(*)", "COUNT"),
        ("builtin.df(a)", "BUILTIN.DF"),
        ("TO_CHAR(SUM(a), 'X')", "TO_CHAR"),
        ("SUM(a) - SUM(b)", ""),
        ("(a)", ""),
        ("SUM(a) OVER ()", ""),
    ],
)
def test_an_entry_that_is_one_call_has_its_function(written: str, function: str) -> None:
    assert outline(select(f"{written} AS x")).items[0].function == function


@pytest.mark.parametrize(
    "quantified", ["DISTINCT a", "UNIQUE a", "ALL a", "TOP 5 a", "DISTINCT TOP 5 a", "TOP (5) a"]
)
def test_what_stands_before_the_list_is_none_of_it(quantified: str) -> None:
    assert items(f"{quantified}, b") == [("a", "a"), ("b", "b")]


def test_names_are_all_or_none() -> None:
    assert outline("SELECT a, b + 1 AS C FROM t").names == ("a", "c")
    assert outline("SELECT a, b + 1 FROM t").names is None
    assert outline("SELECT a, t.* FROM t").names is None
    assert outline("no query").names is None


@pytest.mark.parametrize(
    ("rest", "sources"),
    [
        ("Transaction", [("transaction", "transaction")]),
        ("transaction T, customer AS c", [("transaction", "t"), ("customer", "c")]),
        ("a LEFT OUTER JOIN b ON b.x = a.x WHERE a.y = 1", [("a", "a"), ("b", "b")]),
        ("a x INNER JOIN (SELECT 1 FROM z) y ON 1 = 1", [("a", "x"), ("", "y")]),
        ("(SELECT a FROM b)", [("", "")]),
        ("a ORDER BY b", [("a", "a")]),
        ("a FETCH FIRST 5 ROWS ONLY", [("a", "a")]),
    ],
)
def test_it_tells_what_is_read_from(rest: str, sources: list[tuple[str, str]]) -> None:
    assert outline(select("1", rest)).sources == tuple(Source(*each) for each in sources)


def test_of_several_selects_the_first_is_told() -> None:
    both = outline("(SELECT a FROM t) UNION ALL (SELECT b FROM u) ORDER BY 1")
    assert both.names == ("a",)
    assert both.sources == (Source("t", "t"),)
    assert both.is_compound
    assert both.has_order
    assert outline("WITH x AS (SELECT 1 AS a FROM u) SELECT a, b FROM x").names == ("a", "b")


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("SELECT COUNT(*) FROM t", {"is_aggregate"}),
        ("SELECT a FROM t GROUP BY a", {"is_aggregate"}),
        ("SELECT a FROM (SELECT MAX(b) a FROM t) u", {"is_aggregate"}),
        ("SELECT count, max FROM t", set()),
        ("SELECT SUM(a) OVER (PARTITION BY b) s FROM t", {"is_analytic"}),
        ("SELECT SUM(SUM(a)) OVER () s FROM t", {"is_analytic", "is_aggregate"}),
        ("SELECT DISTINCT a FROM t", {"is_distinct"}),
        ("SELECT a FROM t MINUS SELECT b FROM u", {"is_compound"}),
        ("SELECT a AS minus FROM t", set()),
        ("SELECT a FROM t CONNECT BY PRIOR a = b", {"is_hierarchical"}),
        ("SELECT TOP 5 a FROM t", {"is_limited", "is_arbitrary"}),
        ("SELECT a FROM t WHERE ROWNUM < 5", {"is_limited", "is_arbitrary"}),
        ("SELECT a FROM t ORDER BY a FETCH FIRST 5 ROWS ONLY", {"is_limited", "has_order"}),
        ("SELECT a FROM t LIMIT 5", {"is_limited", "is_arbitrary"}),
        (
            "SELECT a FROM t WHERE ROWNUM < 5 ORDER BY a",
            {"is_limited", "is_arbitrary", "has_order"},
        ),
        ("SELECT a FROM (SELECT a FROM t ORDER BY a) u WHERE ROWNUM < 5", {"is_limited"}),
        ("SELECT a FROM (SELECT TOP 5 a FROM t ORDER BY a) u", {"is_limited"}),
        (
            "SELECT a FROM (SELECT TOP 5 a FROM t) u ORDER BY a",
            {"is_limited", "is_arbitrary", "has_order"},
        ),
        ("SELECT t.limit, offset FROM t", set()),
        ("WITH x AS (SELECT 1 a FROM t) SELECT a FROM x", {"has_with"}),
        ("SELECT a FROM t ORDER BY a", {"has_order"}),
        ("SELECT a FROM (SELECT a FROM t ORDER BY a) u", set()),
        ("SELECT 'GROUP BY UNION SELECT' a FROM t -- LIMIT 5\n /* TOP 5 DISTINCT */", set()),
    ],
)
def test_it_tells_what_a_query_costs(text: str, true: set[str]) -> None:
    told = {
        name
        for name in (
            "is_aggregate",
            "is_analytic",
            "is_distinct",
            "is_compound",
            "is_hierarchical",
            "is_limited",
            "is_arbitrary",
            "has_with",
            "has_order",
        )
        if getattr(outline(text), name)
    }
    assert told == true


@pytest.mark.parametrize(
    ("text", "has_ranges"),
    [
        ("SELECT t.id FROM transaction t", True),
        ("SELECT id FROM transaction", True),
        ("SELECT t.* FROM transaction t LEFT JOIN entity e ON e.id = t.entity", True),
        ("SELECT * FROM transaction", True),
        ("SELECT l.uniquekey AS id, t.tranid FROM transaction t, transactionline l", True),
        ("SELECT * FROM transaction t, entity e", False),
        ("SELECT id FROM transaction t, entity e", False),
        ("SELECT t.*, e.* FROM transaction t, entity e", False),
        ("SELECT id + 1 AS id FROM transaction", False),
        ("SELECT u.id FROM (SELECT id FROM transaction) u", False),
        ("SELECT id, COUNT(*) n FROM transaction GROUP BY id", False),
        ("SELECT DISTINCT id FROM transaction", False),
        ("SELECT id FROM transaction UNION SELECT id FROM entity", False),
        ("SELECT TOP 5 id FROM transaction", False),
        ("SELECT id, RANK() OVER (ORDER BY id) r FROM transaction", False),
        ("WITH x AS (SELECT id FROM transaction) SELECT id FROM x", False),
        ("SELECT tranid FROM transaction", False),
    ],
)
def test_it_tells_whether_a_range_of_the_key_costs_its_rows_only(
    text: str, *, has_ranges: bool
) -> None:
    assert outline(text).has_rows_of_one_table("id") == has_ranges


@pytest.mark.parametrize(
    ("text", "unordered", "ordered_by"),
    [
        ("SELECT a FROM t ORDER BY a", "SELECT a FROM t", "a"),
        ("SELECT a FROM t ORDER BY T.A ASC", "SELECT a FROM t", "a"),
        ("SELECT a FROM t ORDER BY a DESC", "SELECT a FROM t", ""),
        ("SELECT a FROM t ORDER BY a, b", "SELECT a FROM t", ""),
        ("SELECT a FROM t ORDER BY a + b", "SELECT a FROM t", ""),
        ("SELECT a FROM t ORDER BY", "SELECT a FROM t", ""),
        ("SELECT TOP 5 a FROM t ORDER BY a", "SELECT TOP 5 a FROM t ORDER BY a", "a"),
        ("SELECT a FROM t", "SELECT a FROM t", ""),
    ],
)
def test_its_own_order_can_be_left_out_where_it_decides_nothing(
    text: str, unordered: str, ordered_by: str
) -> None:
    assert outline(text).unordered == unordered
    assert outline(text).ordered_by == ordered_by


def test_what_stands_around_a_query_is_none_of_it() -> None:
    text = "-- of May\n SELECT ';' a FROM t /* so */ WHERE b = 1 ; ; -- done"
    assert outline(text).text == "SELECT ';' a FROM t /* so */ WHERE b = 1"
    assert outline("SELECT 1; SELECT 2;").text == "SELECT 1; SELECT 2"


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("SELECT (1) FROM t", True),
        ("SELECT 'it''s' FROM t", True),
        ("SELECT (1 FROM t", False),
        ("SELECT 1) FROM (t", False),
        ("SELECT 'it''s FROM t", False),
        ('SELECT "a FROM t', False),
        ("SELECT 1 /* FROM t", False),
        ("SELECT ')' FROM t -- (", True),
    ],
)
def test_it_tells_whether_all_ends_that_begins(text: str, *, closed: bool) -> None:
    assert outline(text).is_closed == closed


PIECES = [*"SELECT.()'\"*;-/ \na1é,", " SELECT ", " FROM ", " AS ", " ORDER BY ", "--", "/*", "*/"]
ANYTHING = st.lists(st.sampled_from([*PIECES, " TOP ", "OVER(", "UNION "])).map("".join)


@given(ANYTHING)
def test_any_text_has_an_outline(text: str) -> None:
    told = outline(text)
    for name, each in vars(Outline).items():
        if isinstance(each, property) or hasattr(each, "func"):
            getattr(told, name)
    assert told.has_rows_of_one_table("a") in (True, False)
    assert told.text in text


@given(ANYTHING)
def test_tokens_are_all_of_a_text_but_blanks_and_comments(text: str) -> None:
    rest = text
    for token in reversed(tokens_of(text)):
        assert text[token.start : token.end] == token.text
        rest = rest[: token.start] + rest[token.end :]
    assert not re.sub(r"/\*.*?\*/|--[^\n]*|\s", "", rest, flags=re.DOTALL)


LITERALS = st.text(st.sampled_from("ab',();-*/\" \nFROM")).map(
    lambda text: "'" + text.replace("'", "''") + "'"
)
COMMENTS = st.text(st.sampled_from("ab',(); \"FROM\n")).map(lambda text: f"/*{text}*/")
NAMES = st.sampled_from(["a", "t.a", "total", '"From, the"'])
EXPRESSIONS = st.recursive(
    LITERALS | NAMES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1).map(lambda parts: f"F({', '.join(parts)})"),
        inner.map(lambda part: f"({select(f'MAX({part}), 1', 'u, v')})"),
        inner.map(lambda part: f"CASE WHEN {part} IS NULL THEN {part} ELSE 'x' END"),
        st.tuples(inner, COMMENTS, inner).map(lambda parts: f"{parts[0]} {parts[1]} || {parts[2]}"),
    ),
)


@given(st.lists(st.tuples(EXPRESSIONS, COMMENTS, st.sampled_from(["AS ", ""])), min_size=1))
def test_no_text_comment_or_parenthesis_divides_an_entry(
    entries: list[tuple[str, str, str]],
) -> None:
    listed = [f"{each} {comment} {word}x{n}" for n, (each, comment, word) in enumerate(entries)]
    found = outline(select(", ".join(listed), "t WHERE a = 1"))
    assert found.is_closed
    assert found.names == tuple(f"x{n}" for n in range(len(entries)))
    assert [item.expression for item in found.items] == [each for each, _, _ in entries]
    assert found.sources == (Source("t", "t"),)


@given(st.text(st.sampled_from("(a')\n")))
def test_parentheses_are_closed_if_each_has_its_other(text: str) -> None:
    plain = re.sub(r"'[^']*'", "", text)
    for _ in text:
        plain = re.sub(r"\([^()']*\)", "", plain)
    assert is_closed(tokens_of(text)) == (not re.search(r"[()']", plain))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a FROM t CONNECT BY PRIOR a = b",
        "SELECT a FROM t UNION SELECT a FROM u",
        "WITH t AS (SELECT a FROM u) SELECT a FROM t",
    ],
)
def test_a_range_costs_more_than_its_rows_where_they_are_found_together(text: str) -> None:
    assert not outline(text).has_rows_of_one_table("a")


def test_a_word_is_no_word_in_quotes() -> None:
    kinds = [(token.kind, token.word) for token in tokens_of("from \"from\" 'from' .5e3 <>")]
    assert kinds == [
        (Kind.WORD, "FROM"),
        (Kind.QUOTED, ""),
        (Kind.TEXT, ""),
        (Kind.NUMBER, ""),
        (Kind.SYMBOL, ""),
    ]


@pytest.mark.parametrize("opened", ["q'[", "nq'<", "Q'!", "q'x"])
def test_a_text_in_marks_of_its_own_that_has_no_end_is_the_rest(opened: str) -> None:
    *_, last = tokens_of(f"a = {opened} it's {opened} b")
    assert (last.kind, last.start) == (Kind.OPEN, 4)
