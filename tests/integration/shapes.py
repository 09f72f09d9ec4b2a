"""Accounts of other shapes than the default one, and the truth behind any of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import ColumnType

Columns = dict[str, ColumnType | None]
"""Types by names; None where empty texts do not tell."""


@dataclass(frozen=True)
class Kind:
    """What a custom field can hold.

    Attributes:
        stored: The DuckDB type of its column.
        value: DuckDB's text for its value in row `k`.
        type: The type that the catalog has to give it.
    """

    stored: str
    value: str
    type: ColumnType


_TEXT = Kind("VARCHAR", "'täxt ' || k", ColumnType.TEXT)
_AMOUNT = Kind("DECIMAL(18, 9)", "k / 8", ColumnType.DECIMAL)
KINDS: Mapping[str, Kind] = {
    "Check Box": Kind("VARCHAR", "CASE WHEN k % 2 = 0 THEN 'T' ELSE 'F' END", ColumnType.BOOLEAN),
    "Currency": _AMOUNT,
    "Date": Kind("DATE", "DATE '2025-10-31' + k::INTEGER", ColumnType.DATE),
    "Date/Time": Kind(
        "TIMESTAMP", "TIMESTAMP '2025-11-02 05:30:00' + to_hours(k)", ColumnType.DATETIME
    ),
    "Decimal Number": _AMOUNT,
    "Email Address": _TEXT,
    "Free-Form Text": _TEXT,
    "Hyperlink": _TEXT,
    "Integer Number": Kind("BIGINT", "k * 1000000007", ColumnType.INTEGER),
    "List/Record": Kind("BIGINT", "k", ColumnType.INTEGER),
    "Long Text": _TEXT,
    "Multiple Select": Kind("VARCHAR", "k || ', ' || (k + 55)", ColumnType.MULTISELECT),
    "Percent": _AMOUNT,
    "Phone Number": _TEXT,
    "Rich Text": _TEXT,
    "Text Area": _TEXT,
}
"""By the words that NetSuite has for them."""

LABELS = (
    'O\'Brien & Söhne "GmbH"',
    "日付 😀",
    "a\tb\r\nc",
    "<b>Price</b> (%)",
    "x" * 300,
    "-- DROP TABLE {x} %s \\",
    " ",
)
"""What people call their fields."""

_EMPTY_EVERY = 9
_FIRST_TYPE, _FIRST_FIELD = 1_000, 100_000


def add_custom_records(account: Simulator, types: int, fields: int, rows: int = 3) -> list[str]:
    """Add custom record types, `customrecord_shape_001` and so on; the last one has no rows.

    Every ninth field is empty in all rows; the labels of the fields are odd.
    """
    names = [f"customrecord_shape_{number:03}" for number in range(1, types + 1)]
    for place, name in enumerate(names):
        add_custom_record(account, name, fields, 0 if name == names[-1] else rows, place)
    return names


def add_custom_record(
    account: Simulator, name: str, fields: int, rows: int = 3, place: int = 900
) -> None:
    """Add one custom record type, whose fields are `custrecord_<name without prefix>_001`…

    Args:
        account: The account.
        name: The table.
        fields: How many fields it has, of all kinds in turn.
        rows: How many rows it has.
        place: A number that no other type has.
    """
    internal_id, first_field = _FIRST_TYPE + place, _FIRST_FIELD + place * 1_000
    account.sql(
        "INSERT INTO customrecordtype BY NAME SELECT ? AS internalid, ? AS name, ? AS scriptid,"
        " 'F' AS isinactive",
        [internal_id, f"{LABELS[place % len(LABELS)]} {place}", name.upper()],
    )
    kinds = list(KINDS)
    chosen = [(each, kinds[(place + each) % len(kinds)]) for each in range(fields)]
    prefix = name.replace("customrecord_", "custrecord_")
    columns = {f"{prefix}_{each + 1:03}": kind for each, kind in chosen}
    stored = "".join(f", {column} {KINDS[kind].stored}" for column, kind in columns.items())
    values = "".join(
        f", {'NULL' if (each + 1) % _EMPTY_EVERY == 0 else KINDS[kind].value} AS {column}"
        for each, (column, kind) in enumerate(columns.items())
    )
    listed = ", ".join(
        f"({first_field + each}, '{column.upper()}', '{kind}', '{_quoted(each)}')"
        for each, (column, kind) in enumerate(columns.items())
    )
    account.sql(
        _RECORDS.format(name=name, stored=stored, values=values, end=rows + 1)
        + _FIELDS.format(record_type=internal_id, listed=listed)
        + "".join(
            _MAPPING.format(name=name, column=column)
            for column, kind in columns.items()
            if kind == "Multiple Select"
        )
    )


_RECORDS = """
    CREATE TABLE {name} (
        id BIGINT, name VARCHAR, recordid BIGINT AS (id), scriptid VARCHAR, externalid VARCHAR,
        isinactive VARCHAR, owner BIGINT, created TIMESTAMP, lastmodified TIMESTAMP,
        lastmodifiedby BIGINT, parent BIGINT{stored}
    );
    INSERT INTO {name} BY NAME
    SELECT k AS id, 'F' AS isinactive, -5 AS owner,
           TIMESTAMP '2025-11-02 04:00:00' + to_hours(k) AS created, created AS lastmodified
           {values}
    FROM (SELECT unnest(range(1, {end})) AS k);
"""
_FIELDS = """
    INSERT INTO customfield BY NAME
    SELECT id, scriptid, name, 'RECORD' AS fieldtype, fieldvaluetype, {record_type} AS recordtype,
           CASE WHEN fieldvaluetype IN ('List/Record', 'Multiple Select') THEN 42 END
           AS fieldvaluetyperecord,
           'T' AS isstored, 'F' AS isinactive, TIMESTAMP '2025-01-01' AS lastmodifieddate
    FROM (VALUES {listed}) AS field(id, scriptid, fieldvaluetype, name)
"""
_MAPPING = """;
    CREATE VIEW map_{name}_{column} AS
    SELECT id AS mapone, unnest(string_split({column}, ', '))::BIGINT AS maptwo FROM {name}
"""


def _quoted(place: int) -> str:
    return LABELS[place % len(LABELS)].replace("'", "''")


_TYPES = {"BIGINT": ColumnType.INTEGER, "DATE": ColumnType.DATE, "TIMESTAMP": ColumnType.DATETIME}
_TEXTS = {True: ColumnType.BOOLEAN, False: ColumnType.TEXT, None: None}


def truth(account: Simulator) -> dict[str, Columns]:
    """The tables that the account has, and their columns with the types that these should get."""
    kinds = dict(account.sql("SELECT lower(scriptid), fieldvaluetype FROM customfield"))
    stored: dict[str, dict[str, str]] = {}
    for table, column, duckdb_type in account.sql(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
        " ORDER BY table_name, column_index"
    ):
        stored.setdefault(table, {})[column] = duckdb_type
    flags = _flags(account, stored)
    return {
        table: dict(_typed(columns, kinds, flags.get(table, {})))
        for table, columns in stored.items()
    }


def _typed(
    columns: Mapping[str, str], kinds: Mapping[str, str], flags: Mapping[str, bool | None]
) -> Iterator[tuple[str, ColumnType | None]]:
    for column, duckdb_type in columns.items():
        kind = KINDS.get(kinds.get(column, ""))
        if kind is not None:
            yield column, kind.type
        elif duckdb_type.startswith("DECIMAL"):
            yield column, ColumnType.DECIMAL
        elif duckdb_type in _TYPES:
            yield column, _TYPES[duckdb_type]
        else:
            yield column, _TEXTS[flags[column]]


def _flags(
    account: Simulator, stored: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, bool | None]]:
    """Whether columns of text hold nothing but `T` and `F`, by table; None if they are empty."""
    texts = {
        table: [column for column, kind in columns.items() if kind == "VARCHAR"]
        for table, columns in stored.items()
    }
    asked = " UNION ALL ".join(
        f"SELECT '{table}', [{', '.join(map(_IS_FLAG.format, columns))}] FROM \"{table}\""  # noqa: S608  # a test's own
        for table, columns in texts.items()
        if columns
    )
    return {
        table: dict(zip(texts[table], answers, strict=True))
        for table, answers in account.sql(asked)
    }


_IS_FLAG = "bool_and(\"{}\" IN ('T', 'F'))"
