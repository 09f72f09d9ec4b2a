"""Words of SuiteQL, and queries that are nearly right."""

import random
import re

WORDS = r"""
    SELECT FROM WHERE GROUP BY ORDER HAVING UNION ALL MINUS JOIN LEFT ON AND OR NOT
    IN EXISTS BETWEEN LIKE ESCAPE IS NULL CASE WHEN THEN ELSE END DISTINCT TOP FETCH FIRST
    ROWS ONLY WITH OVER PARTITION ASC NULLS CAST AS DATE INTERVAL ROWNUM SYSDATE BUILTIN . DF
    ( ) ( ) , * + - / || = <> ^= < > ?
    :a (+) [ ] ; -- /* */ ' " 'x' '' 1 0 -1 .5
    1e400 9999999999999999999999 transaction t id t.id memo trandate COUNT SUM TO_CHAR TO_DATE NVL
    DECODE dual
    q'[ ]' FOR UPDATE PIVOT SAMPLE LATERAL USING NATURAL CROSS FULL CONNECT PRIOR START SET VALUES
    TABLE ANY ALL SOME TRUE DEFAULT EXTRACT YEAR UNIQUE OFFSET LIMIT QUALIFY WINDOW RANGE n'x' {d
""".split()  # noqa: SIM905  # as a list it would fill a page

# What a value of each kind can be: one of the first in two fifths of the cases, and at the end.
GRAMMAR = {
    "number": (
        [
            "0",
            "1",
            "-3",
            "2.50",
            ".5",
            "1e3",
            "NULL",
            "id",
            "t.id",
            "t.entity",
            "foreigntotal",
            "ROWNUM",
            "t.nope",
            "x.id",
        ],
        [
            "({number} + {number})",
            "({number} * {number})",
            "({number} / {number})",
            "-{number}",
            "ABS({number})",
            "CEIL({number})",
            "SQRT({number})",
            "EXP({number})",
            "LN({number})",
            "SUM({number})",
            "MOD({number}, {number})",
            "POWER({number}, {number})",
            "ROUND({number}, {number})",
            "COUNT({text})",
            "TRUNC({number})",
            "NVL({number}, {number})",
            "LENGTH({text})",
            "TO_NUMBER({text})",
            "ASCII({text})",
            "INSTR({text}, {text})",
            "({date} - {date})",
            "EXTRACT(MONTH FROM {date})",
            "MAX({number})",
            "(SELECT MAX(s.id) FROM subsidiary s WHERE s.id = {number})",
            "ORA_HASH({text})",
            "SUM({number}) OVER (PARTITION BY {text} ORDER BY t.id ASC ROWS 1 PRECEDING)",
            "CASE WHEN {condition} THEN {number} ELSE {number} END",
            "DECODE({text}, {text}, {number}, 1)",
        ],
    ),
    "text": (
        [
            "tranid",
            "memo",
            "posting",
            "''",
            "'a''b'",
            "'%'",
            "'['",
            "NULL",
        ],
        [
            "{text} || {text}",
            "{number} || {text}",
            "UPPER({text})",
            "INITCAP({text})",
            "TRIM({text})",
            "SUBSTR({text}, {number}, {number})",
            "LPAD({text}, {number}, {text})",
            "CHR({number})",
            "REPLACE({text}, {text}, {text})",
            "REGEXP_REPLACE({text}, {text}, {text})",
            "REGEXP_SUBSTR({text}, {text})",
            "TRANSLATE({text}, {text}, {text})",
            "TO_CHAR({number})",
            "TO_CHAR({date}, 'YYYY-MM-DD')",
            "TO_CHAR({number}, '999.99')",
            "CAST({number} AS VARCHAR(9))",
            "BUILTIN.DF({number})",
            "BUILTIN.DF({text})",
            "NVL({text}, {text})",
            "TO_CHAR({date})",
        ],
    ),
    "date": (
        [
            "trandate",
            "lastmodifieddate",
            "SYSDATE",
            "CURRENT_DATE",
            "TO_DATE('2026-02-03', 'YYYY-MM-DD')",
        ],
        [
            "({date} + {number})",
            "ADD_MONTHS({date}, {number})",
            "TRUNC({date}, 'MM')",
            "LAST_DAY({date})",
            "TO_DATE({text}, 'YYYY-MM-DD')",
            "TO_TIMESTAMP({text}, 'HH24:MI')",
            "SYS_EXTRACT_UTC({date})",
            "GREATEST({date}, {date})",
            "NVL({date}, {date})",
            "TRUNC({date})",
            "TO_DATE({text})",
        ],
    ),
    "condition": (
        [
            "id > 1",
            "t.id = 3",
            "memo IS NULL",
            "entity IN (1, 2)",
            "tranid LIKE 'INV_'",
        ],
        [
            "{number} <> {number}",
            "{text} = {text}",
            "{date} > {date}",
            "{number} = {text}",
            "{date} < {text}",
            "{text} LIKE {text} ESCAPE '!'",
            "{number} NOT BETWEEN {number} AND {number}",
            "{number} NOT IN ({number}, NULL)",
            "(t.id, {number}) IN (({number}, 1))",
            "{text} IS NOT NULL",
            "REGEXP_LIKE({text}, {text})",
            "EXISTS (SELECT 1 FROM subsidiary s WHERE s.id = {number})",
            "id IN (SELECT {number} FROM transaction t WHERE {condition})",
            "({condition})",
            "({condition} AND {condition})",
            "({condition} OR {condition})",
            "NOT ({condition})",
        ],
    ),
    "tail": (
        [
            "",
            " ORDER BY 1",
            " ORDER BY v DESC NULLS FIRST",
            " ORDER BY {number} ASC",
            " GROUP BY {number}",
        ],
        [
            " GROUP BY t.id, tranid HAVING {condition}",
            " FETCH FIRST 2 ROWS ONLY",
            " AND ROWNUM <= 3",
            " UNION SELECT {number} FROM dual",
            " MINUS SELECT {number} FROM subsidiary ORDER BY 1 ASC",
        ],
    ),
}


def grown(kind: str, chance: random.Random, depth: int = 3) -> str:
    """Return a text of this kind."""
    leaves, branches = GRAMMAR[kind]
    form = chance.choice(leaves if depth <= 0 or chance.random() < 2 / 5 else branches)
    return re.sub(r"{(\w+)}", lambda match: grown(match[1], chance, depth - 1), form)
