"""What the functions of SuiteQL return: Oracle's answers."""

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import column, refusal, rows
from tests.simulator.suiteql.answers import answers, moment

UNSUPPORTED = "Search error occurred: Invalid or unsupported search."

SUBJECTS: dict[str, dict[str, str | None]] = {
    "an empty text is null": {
        "LENGTH('')": None,
        "NVL('', 'x')": "x",
        "NVL2('', 'there', 'not there')": "not there",
        "COALESCE('', NULL, 'y')": "y",
        "DECODE('', NULL, 'null', 'text')": "null",
        "NVL(SUBSTR('abc', 9), 'nothing')": "nothing",
        "NVL(TRIM('   '), 'blank')": "blank",
        "LENGTH(REPLACE('aaa', 'a'))": None,
        "'a' || '' || 'b'": "ab",
        "CONCAT('', 'b')": "b",
        "NULLIF('a', 'a')": None,
        "NULLIF(1, 2)": "1",
        "LPAD('', 3, 'x')": None,
        "LPAD('a', 0)": None,
        "NVL(REGEXP_SUBSTR('a', 'b*'), 'nothing')": "nothing",
        "NVL(REGEXP_REPLACE('a', 'a'), 'nothing')": "nothing",
        "NVL(TRANSLATE('a', 'ba', 'b'), 'nothing')": "nothing",
        "NVL(SUBSTR('a', 2) || NULL, 'nothing')": "nothing",
        "NVL(LTRIM('a', 'a') || RTRIM('a', 'a'), 'nothing')": "nothing",
    },
    "one of several": {
        "DECODE(2, 1, 'one', 2, 'two', 'many')": "two",
        "DECODE(3, 1, 'one', 2, 'two')": None,
        "DECODE(NULL, 1, 'one', NULL, 'none')": "none",
        "DECODE('b', 'a', 1, 'b', 2, 0) + 1": "3",
        "GREATEST(1, 3, 2)": "3",
        "GREATEST(1, NULL)": None,
        "GREATEST('apple', 'pear')": "pear",
        "LEAST(3, 1.5, 2)": "1.5",
        "LEAST(TO_DATE('2026', 'YYYY'), TO_DATE('2025-03-01', 'YYYY-MM-DD'))": "3/1/2025",
        "NVL(NULL, 5)": "5",
        "NVL2(0, 1, 2)": "1",
        "DECODE(2, 1, 'a', 2, 3, 'z')": "3",
        "DECODE(3, 1, 'a', 2, 3, 'z')": "z",
        "DECODE(1, 1, 5, 'z') + 1": "6",
    },
    "text": {
        "SUBSTR('abcdef', 2, 3)": "bcd",
        "SUBSTR('abcdef', 0, 2)": "ab",
        "SUBSTR('abcdef', -3)": "def",
        "SUBSTR('abcdef', -3, 2)": "de",
        "SUBSTR('abc', -5, 3)": None,
        "SUBSTR('abc', 2, 0)": None,
        "SUBSTR('abc', 2, -1)": None,
        "SUBSTR('abc', 1 + 1, 1)": "b",
        "SUBSTR(12345, 2, 3)": "234",
        "INSTR('abcabc', 'c')": "3",
        "INSTR('abcabc', 'x')": "0",
        "INSTR('abcabc', 'c', 4)": "6",
        "INSTR('abcabc', 'c', 1, 2)": "6",
        "INSTR('abcabc', 'c', 1, 3)": "0",
        "INSTR('abcabc', 'b', -1)": "5",
        "INSTR('abcabc', 'b', -3)": "2",
        "INSTR('aaaa', 'aa', 1, 2)": "2",
        "INSTR(NULL, 'a')": None,
        "LENGTH('\u00e4\u65e5')": "2",
        "UPPER('aBc')": "ABC",
        "LOWER('ABc')": "abc",
        "INITCAP('hello wORLD o''brien')": "Hello World O'Brien",
        "LPAD('7', 3, '0')": "007",
        "LPAD('abcd', 2)": "ab",
        "LPAD('a', 2.9)": " a",
        "LPAD('a', NULL)": None,
        "LENGTH(LPAD('a', 2000000000))": "4000",
        "LENGTH(RPAD('a', 2000000000, 'bc'))": "4000",
        "RPAD('a', 3) || '|'": "a  |",
        "LTRIM('  a ') || '|'": "a |",
        "LTRIM('00120', '0')": "120",
        "RTRIM('x,;', ',;')": "x",
        "TRIM('  a ')": "a",
        "REPLACE('banana', 'an', 'o')": "booa",
        "REPLACE('banana', 'a')": "bnn",
        "TRANSLATE('abcd', 'abd', 'xy')": "xyc",
        "ASCII('A')": "65",
        "CHR(65) || CHR(10) || CHR(66)": "A\nB",
        "TO_CHAR(5) || 'x'": "5x",
    },
    "regular expressions": {
        "REGEXP_SUBSTR('ab12cd345', '[0-9]+')": "12",
        "REGEXP_SUBSTR('ab12cd345', '[0-9]+', 1, 2)": "345",
        "REGEXP_SUBSTR('ab12cd345', '[0-9]+', 5)": "345",
        "REGEXP_SUBSTR('ab12', 'B', 1, 1, 'i')": "b",
        "REGEXP_SUBSTR('key=value', '(\\w+)=(\\w+)', 1, 1, 'c', 2)": "value",
        "REGEXP_SUBSTR('ab', '[0-9]')": None,
        "REGEXP_REPLACE('a1b22', '[0-9]+')": "ab",
        "REGEXP_REPLACE('a1b22', '[0-9]+', '#')": "a#b#",
        "REGEXP_REPLACE('a1b22', '[0-9]+', '#', 1, 1)": "a#b22",
        "REGEXP_REPLACE('a1b22', '[0-9]+', '#', 3)": "a1b#",
        "REGEXP_REPLACE('first last', '(\\w+) (\\w+)', '\\2 \\1')": "last first",
        "REGEXP_INSTR('ab12cd345', '[0-9]+')": "3",
        "REGEXP_INSTR('ab12cd345', '[0-9]+', 1, 2)": "7",
        "REGEXP_INSTR('ab12cd345', '[0-9]+', 1, 1, 1)": "5",
        "REGEXP_INSTR('ab12cd345', '[0-9]+', 5)": "7",
        "REGEXP_INSTR('ab', '[0-9]')": "0",
        "REGEXP_COUNT('ab12cd345', '[0-9]')": "5",
        "REGEXP_COUNT('aAa', 'A', 1, 'i')": "3",
        "CASE WHEN REGEXP_LIKE('Abc', '^a', 'i') THEN 'yes' ELSE 'no' END": "yes",
        "CASE WHEN REGEXP_LIKE('Abc', '^a') THEN 'yes' ELSE 'no' END": "no",
    },
    "numbers": {
        "MOD(7, 3)": "1",
        "MOD(-7, 3)": "-1",
        "MOD(7, -3)": "1",
        "MOD(7, 0)": "7",
        "MOD(7.5, 2)": "1.5",
        "REMAINDER(7, 4)": "-1",
        "ROUND(2.345, 2)": "2.35",
        "ROUND(-2.5)": "-3",
        "ROUND(1250, -2)": "1300",
        "TRUNC(1.13, 2)": "1.13",
        "TRUNC(2.567, 1)": "2.5",
        "TRUNC(-2.567)": "-2",
        "TRUNC(-2.567, 2)": "-2.56",
        "TRUNC(1299, -2)": "1200",
        "CEIL(1.2)": "2",
        "FLOOR(-1.2)": "-2",
        "ABS(-1.50)": "1.5",
        "SIGN(-2.5)": "-1",
        "POWER(2, 10)": "1024",
        "SQRT(16)": "4",
        "LN(1)": "0",
        "LOG(10, 1000)": "3",
        "EXP(0)": "1",
        "BITAND(12, 10)": "8",
        "ORA_HASH('x', 9) - ORA_HASH('x', 9)": "0",
        "ORA_HASH('x', 0)": "0",
        "TO_NUMBER('12.50')": "12.5",
        "TO_NUMBER('1,234.5', '999,999.9')": "1234.5",
        "TO_NUMBER('$12', '$99')": "12",
        "TO_NUMBER('12-', '99MI')": "-12",
        "7 / 2": "3.5",
        "1 / 3": "0.3333333333333333",
        "POWER(10, 20)": "100000000000000000000",
        "POWER(10, -7) * 1.5": "0.00000015",
        "-POWER(10, 16) * 1.5": "-15000000000000000",
    },
    "dates": {
        "ADD_MONTHS(TO_DATE('2026-01-31', 'YYYY-MM-DD'), 1)": "2/28/2026",
        "ADD_MONTHS(TO_DATE('2026-02-28', 'YYYY-MM-DD'), 1)": "3/31/2026",
        "ADD_MONTHS(TO_DATE('2026-03-15', 'YYYY-MM-DD'), -2)": "1/15/2026",
        f"TO_CHAR(ADD_MONTHS({moment('2026-02-28 13:14:15')}, 12), 'YYYY-MM-DD HH24:MI:SS')": (
            "2027-02-28 13:14:15"
        ),
        f"TO_CHAR(LAST_DAY({moment('2026-02-03 04:05:06')}), 'YYYY-MM-DD HH24:MI:SS')": (
            "2026-02-28 04:05:06"
        ),
        f"MONTHS_BETWEEN({moment('2026-03-15')}, {moment('2026-01-15')})": "2",
        f"MONTHS_BETWEEN({moment('2026-02-28')}, {moment('2026-01-31')})": "1",
        f"ROUND(MONTHS_BETWEEN({moment('2026-03-01')}, {moment('2026-02-15')}), 7)": "0.5483871",
        f"ROUND(MONTHS_BETWEEN({moment('2026-03-01 12:00')}, {moment('2026-02-15')}), 10)": (
            "0.564516129"
        ),
        f"NEXT_DAY({moment('2026-03-02')}, 'MONDAY')": "3/9/2026",
        f"NEXT_DAY({moment('2026-03-02')}, 'tue')": "3/3/2026",
        f"TRUNC({moment('2026-03-18 13:00:00')}, 'MM')": "3/1/2026",
        f"TRUNC({moment('2026-03-18')}, 'IW')": "3/16/2026",
        f"TRUNC({moment('2026-03-18')}, 'D')": "3/15/2026",
        f"TRUNC({moment('2026-03-18')}, 'WW')": "3/12/2026",
        f"TRUNC({moment('2026-03-18')}, 'W')": "3/15/2026",
        f"TRUNC({moment('2026-05-18')}, 'Q')": "4/1/2026",
        f"TRUNC({moment('2026-05-18')}, 'YYYY')": "1/1/2026",
        f"TRUNC({moment('2026-05-18')}, 'IYYY')": "12/29/2025",
        f"TO_CHAR(TRUNC({moment('2026-05-18 13:45:59')}, 'HH24'), 'HH24:MI')": "13:00",
        f"ROUND({moment('2026-03-18 12:00:00')})": "3/19/2026",
        f"ROUND({moment('2026-03-18 11:59:59')})": "3/18/2026",
        f"ROUND({moment('2026-03-16')}, 'MM')": "4/1/2026",
        f"ROUND({moment('2026-02-16')}, 'Q')": "4/1/2026",
        f"ROUND({moment('2026-02-15')}, 'Q')": "1/1/2026",
        f"ROUND({moment('2026-07-01')}, 'YYYY')": "1/1/2027",
        f"ROUND({moment('2026-03-19 12:00:00')}, 'IW')": "3/23/2026",
        f"TO_CHAR({moment('2026-03-02')} + 1.5, 'DD HH24')": "03 12",
        f"{moment('2026-03-02')} - {moment('2026-03-01 12:00:00')}": "0.5",
        f"NEW_TIME({moment('2026-03-02 23:00:00')}, 'PST', 'EST')": "3/3/2026",
        "ADD_MONTHS(NULL, 1)": None,
        f"1 + {moment('2026-03-02')}": "3/3/2026",
        f"TO_CHAR({moment('2026-03-02')} + 1 / 3, 'HH24:MI:SS')": "08:00:00",
        f"CAST({moment('2026-03-02 13:00:00')} AS DATE)": "3/2/2026",
        "CAST(2.5 AS INTEGER)": "3",
        "CAST('12' AS NUMBER)": "12",
        "CAST(1.50 AS VARCHAR(10))": "1.5",
    },
    "a cast to a size": {
        "CAST('abcdef' AS VARCHAR2(3))": "abc",
        "CAST('abcdef' AS CHAR(3))": "abc",
        "CAST('ab' AS CHAR(5)) || '|'": "ab   |",
        "CAST(NULL AS CHAR(5))": None,
        "CAST(2.345 AS NUMBER(10, 2))": "2.35",
        "CAST(-2.345 AS NUMBER(10, 2))": "-2.35",
        "CAST('2.5' AS NUMBER(10))": "3",
        "CAST(2.25 AS NUMBER(*, 1))": "2.3",
        "CAST(2.25 AS NUMBER)": "2.25",
    },
}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_functions_return(shared: Simulator, subject: str) -> None:
    expected = SUBJECTS[subject]
    assert answers(shared, expected) == expected


# Oracle's list of what SuiteQL does not support, and what other dialects have.
ABSENT = (
    *("BIT_LENGTH('a')", "CEILING(1.5)", "CHAR(65)", "CHARINDEX('a', 'ba')", "CHAR_LENGTH('a')"),
    *("CHARACTER_LENGTH('a')", "CONVERT('a', 'b')", "COT(1)", "CURDATE()", "DATEADD('d', 1, 2)"),
    *("DATEDIFF('d', 1, 2)", "DAYOFWEEK(1)", "GETDATE()", "IFNULL(NULL, 1)", "ISNULL(NULL, 1)"),
    *("LCASE('A')", "LEFT('abc', 1)", "LEN('a')", "LISTAGG('a', ',')", "LOCATE('a', 'ba')"),
    *("NOW()", "POSITION('a', 'ba')", "REPEAT('a', 2)", "RIGHT('abc', 1)", "STRFTIME(1, 'x')"),
    *("SUBSTRING('abc', 2)", "UCASE('a')", "YEAR(1)", "NO_SUCH_FUNCTION(1)"),
)


@pytest.mark.parametrize("expression", ABSENT)
def test_a_function_that_suiteql_lacks_is_refused(shared: Simulator, expression: str) -> None:
    assert refusal(shared, f"SELECT {expression} AS x FROM dual") == UNSUPPORTED  # noqa: S608  # a test's own


@pytest.mark.parametrize(
    "expression",
    [
        "NVL(1)",
        "NVL2(1, 2)",
        "SUBSTR('abc')",
        "ADD_MONTHS('1/1/2026', 1)",
        "TRUNC(SYSDATE, 'NONSENSE')",
        "NEXT_DAY(SYSDATE, 'someday')",
        "NEW_TIME(SYSDATE, 'CET', 'PST')",
        "FROM_TZ(LOCALTIMESTAMP, 'Mars/Olympus')",
        "TZ_OFFSET('Mars/Olympus')",
        "MONTHS_BETWEEN(1, 2)",
        "REGEXP_LIKE('a', '(', 'i')",
        "REGEXP_SUBSTR('a', '(a)\\1')",
        "REGEXP_REPLACE('a', 'a', 'b', 1, 1, 'q')",
        "SQRT(-1)",
        "1 / 0",
        "TO_NUMBER('12x')",
        "TO_NUMBER('1234', '999')",
        "ROUND('x')",
        "CAST('a' AS VARCHAR2(0))",
        "CAST('a' AS VARCHAR2(4001))",
        "CAST('a' AS CHAR(2001))",
        "CAST(1234 AS NUMBER(3))",
        "CAST(1 AS NUMBER(39))",
    ],
)
def test_a_function_of_what_it_cannot_take_is_refused(shared: Simulator, expression: str) -> None:
    assert refusal(shared, f"SELECT {expression} AS x FROM dual") == UNSUPPORTED  # noqa: S608  # a test's own


@pytest.mark.parametrize(
    ("start", "function", "answer"),
    [
        ("1.5", "TRUNC(MOD({}, 7), 1)", "1.5"),
        ("TO_DATE('2026-01-01', 'YYYY-MM-DD')", "LAST_DAY(ADD_MONTHS({}, 1))", "4/30/2027"),
        ("'aBC'", "INITCAP(SUBSTR({}, -3))", "Abc"),
        ("'abc'", "TRIM(LPAD({}, LENGTH('abc'), 'x'))", "abc"),
        ("'ab'", "REPLACE(REGEXP_REPLACE({}, 'b', 'cb', 1), 'c' || '', NULL || '')", "ab"),
        ("'ab'", "SUBSTR({} || NULL, 1, 2)", "ab"),
        ("1", "REGEXP_INSTR('abc', '[abc]', {})", "1"),
        ("'abc'", "CAST(REGEXP_SUBSTR({}, '.+', 1) AS CHAR(3))", "abc"),
    ],
)
def test_functions_inside_functions_do_not_keep_the_account_busy(
    shared: Simulator, start: str, function: str, answer: str
) -> None:
    nested = start
    for _ in range(15):
        nested = function.replace("{}", nested)
    assert answers(shared, [nested]) == {nested: answer}


def test_a_text_does_not_grow_without_end(shared: Simulator) -> None:
    replaced = patterned = "'a'"
    for _ in range(12):
        replaced = f"REPLACE({replaced}, 'a', 'aaaaaaaa')"
        patterned = f"REGEXP_REPLACE({patterned}, 'a', 'aaaaaaaa')"
    doubled = "(SELECT 'ab' AS t FROM dual)"
    for _ in range(30):
        doubled = f"(SELECT t || t AS t FROM {doubled})"  # noqa: S608  # a test's own
    for query in (
        f"SELECT {replaced} AS t FROM dual",  # noqa: S608  # a test's own
        f"SELECT LENGTH({patterned}) AS t FROM dual",  # noqa: S608  # a test's own
        f"SELECT LENGTH(t) AS t FROM {doubled}",  # noqa: S608  # a test's own
    ):
        assert refusal(shared, query) == UNSUPPORTED


TEXTS = (
    "(SELECT 1 AS id, 'a ' AS t FROM dual UNION ALL SELECT 2, ' ' FROM dual"
    " UNION ALL SELECT 3, 'b' FROM dual)"
)
EMPTIED = ("TRIM(t)", "RTRIM(t)", "SUBSTR(RTRIM(t), -1)", "REPLACE(t, ' ')", "TRIM(t) || ''")


@pytest.mark.parametrize("text", [*EMPTIED, "TRANSLATE(t, 'b ', 'b')", "REGEXP_REPLACE(t, ' ')"])
def test_an_emptied_text_is_null_to_whatever_reads_it(shared: Simulator, text: str) -> None:
    counted = f"SELECT COUNT({text}) AS n, MIN({text}) AS least FROM {TEXTS}"  # noqa: S608  # a test's own
    assert rows(shared, counted) == [{"least": "a", "n": "2"}]
    grouped = f"SELECT {text} AS t, COUNT(*) AS n FROM {TEXTS} GROUP BY {text} ORDER BY {text} ASC"  # noqa: S608  # a test's own
    assert rows(shared, grouped) == [{"n": "1", "t": "a"}, {"n": "1", "t": "b"}, {"n": "1"}]
    for condition in (f"{text} <> 'c'", f"{text} NOT IN ('c')", f"{text} LIKE '%'"):
        query = f"SELECT id FROM {TEXTS} WHERE {condition} ORDER BY id ASC"  # noqa: S608  # a test's own
        assert column(shared, query) == ["1", "3"]
