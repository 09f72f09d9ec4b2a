"""A filter of a list in DuckDB's words: what each operator means beside each kind of field."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tap_netsuite_tba.simulator.errors import Refusal, bad_request
from tap_netsuite_tba.simulator.metadata.record_types import RecordType
from tap_netsuite_tba.simulator.records.filters import Condition, Filter, invalid
from tap_netsuite_tba.simulator.suiteql.date_formats import preference_format
from tap_netsuite_tba.simulator.suiteql.kinds import Preferences, identifier, instant_of

_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?")
_BOOLEANS: Mapping[str, str] = {"true": "T", "false": "F"}
_COMPARED: Mapping[str, str] = {
    "EQUAL": "{0} = ?",
    "GREATER": "{0} > ?",
    "GREATER_OR_EQUAL": "{0} >= ?",
    "LESS": "{0} < ?",
    "LESS_OR_EQUAL": "{0} <= ?",
    "BETWEEN": "{0} BETWEEN ? AND ?",
    "WITHIN": "{0} BETWEEN ? AND ?",
}
_TEXTS: Mapping[str, str] = {
    "IS": "lower({0}) = lower(?)",
    "CONTAIN": "contains(lower({0}), lower(?))",
    "START_WITH": "starts_with(lower({0}), lower(?))",
    "END_WITH": "ends_with(lower({0}), lower(?))",
}
# A day is its midnight: a client that asks for ON_OR_BEFORE one misses what changed on it.
_DAYS: Mapping[str, str] = {
    "AFTER": "{0} > {1}",
    "BEFORE": "{0} < {1}",
    "ON": "({0} >= {1} AND {0} < {1})",
    "ON_OR_AFTER": "{0} >= {1}",
    "ON_OR_BEFORE": "{0} <= {1}",
}
_LISTS = frozenset({"ANY_OF"})
_EMPTY = "({0} IS NULL OR CAST({0} AS VARCHAR) = '')"


@dataclass(frozen=True)
class Where:
    """A condition on a row.

    Attributes:
        sql: DuckDB's text, safe to stand inside any other.
        parameters: values for its ``?``.
    """

    sql: str
    parameters: tuple[object, ...] = ()


@dataclass(frozen=True)
class _Field:
    """A field that ``q`` may name.

    Attributes:
        sql: its column, or NULL of one that this company never fills.
        kind: ``boolean``, ``number``, ``day``, ``instant``, ``text``, ``choice`` or ``several``.
    """

    sql: str
    kind: str


@dataclass(frozen=True)
class Conditions:
    """Translates filters of one record type.

    Attributes:
        record: the type.
        columns: of its table, lower case, to their DuckDB type.
        preferences: in whose format, and in whose zone, a day is read.
    """

    record: RecordType
    columns: Mapping[str, str]
    preferences: Preferences

    def where(self, wanted: Filter) -> Where:
        """Return what a filter asks of a row.

        Raises:
            Refusal: the type has no such field, it cannot be asked for, or not by this operator
                or value.
        """
        if isinstance(wanted, Condition):
            return self._condition(wanted)
        parts = [self.where(part) for part in wanted.parts]
        sql = f" {wanted.word} ".join(part.sql for part in parts)
        return Where(f"({sql})", tuple(value for part in parts for value in part.parameters))

    def _condition(self, wanted: Condition) -> Where:
        field = self._field(wanted.field)
        if wanted.operator == "EMPTY":
            found = Where(_EMPTY.format(field.sql))
        else:
            found = self._compared(field, wanted)
        # As in SQL, what is empty is not in the opposite either.
        return Where(f"(NOT {found.sql})", found.parameters) if wanted.is_negated else found

    def _field(self, name: str) -> _Field:
        names = {known.lower() for known in self.record.filterable}
        if name.lower() not in names:
            raise _unknown_field(name)
        kinds = {one.name.lower(): one.kind for one in self.record.properties}
        column = name.lower()
        stored = self.columns.get(column)
        sql = "NULL::VARCHAR" if stored is None else identifier(column)
        return _Field(sql, _kind(kinds.get(column, "text"), stored or "VARCHAR"))

    def _compared(self, field: _Field, wanted: Condition) -> Where:
        return _BY_KIND[field.kind](field, wanted, self.preferences)


def _unknown_field(name: str) -> Refusal:
    detail = f"Unknown field name '{name}' in the search query."
    return bad_request(detail, "NONEXISTENT_FIELD", parameter="q")


def _kind(property_kind: str, stored: str) -> str:
    """Return how a field is compared, by what the record service and the storage say of it."""
    known = {"boolean": "boolean", "date": "day", "datetime": "instant", "collection": "several"}
    if property_kind in known:
        return known[property_kind]
    if stored != "VARCHAR":  # ids and references too: N/query knows them as numbers
        return "number"
    return "choice" if property_kind in {"enumeration", "form"} else "text"


def _of(forms: Mapping[str, str], sql: str, operator: str) -> str:
    if operator not in forms:
        raise invalid()
    return forms[operator].format(sql)


def _boolean(field: _Field, wanted: Condition, _preferences: Preferences) -> Where:
    if wanted.operator != "IS" or wanted.values[0] not in _BOOLEANS:
        raise invalid()
    return Where(f"{field.sql} = ?", (_BOOLEANS[wanted.values[0]],))


def _number(field: _Field, wanted: Condition, _preferences: Preferences) -> Where:
    if not all(_NUMBER.fullmatch(value) for value in wanted.values):
        raise invalid()
    numbers = tuple(Decimal(value) for value in wanted.values)
    if wanted.operator in _LISTS:
        return Where(f"{field.sql} IN ({_places(numbers)})", numbers)
    return Where(_of(_COMPARED, field.sql, wanted.operator), numbers)


def _text(field: _Field, wanted: Condition, _preferences: Preferences) -> Where:
    return Where(_of(_TEXTS, field.sql, wanted.operator), wanted.values)


def _choice(field: _Field, wanted: Condition, preferences: Preferences) -> Where:
    if wanted.operator in _LISTS:
        return Where(f"{field.sql} IN ({_places(wanted.values)})", wanted.values)
    return _text(field, wanted, preferences)


def _several(field: _Field, wanted: Condition, _preferences: Preferences) -> Where:
    """Return the condition on a multi-select, which is stored as ``3, 55, 1435``."""
    if wanted.operator not in _LISTS:
        raise invalid()
    listed = f"[{_places(wanted.values)}]::VARCHAR[]"
    return Where(f"list_has_any(string_split({field.sql}, ', '), {listed})", wanted.values)


def _day(field: _Field, wanted: Condition, preferences: Preferences) -> Where:
    return _on_days(field, wanted, preferences, "CAST(? AS DATE)")


def _instant(field: _Field, wanted: Condition, preferences: Preferences) -> Where:
    midnight = instant_of("?", preferences.time_zone)
    return _on_days(field, wanted, preferences, midnight)


def _on_days(field: _Field, wanted: Condition, preferences: Preferences, place: str) -> Where:
    if wanted.operator not in _DAYS:
        raise invalid()
    day = _read_day(wanted.values[0], preferences)
    days = (day, day + timedelta(days=1)) if wanted.operator == "ON" else (day,)
    return Where(_DAYS[wanted.operator].format(field.sql, place), days)


def _read_day(text: str, preferences: Preferences) -> date:
    """Return the day that ``text`` names in the account's format; it takes no time of day.

    Raises:
        Refusal: as a client met it in 2026.
    """
    pattern = preference_format(preferences.date_format).replace("%-", "%")
    for pattern_of_year in (pattern, pattern.replace("%Y", "%y")):
        try:
            found = datetime.strptime(text, pattern_of_year).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
        if found < date.max:
            return found
    raise bad_request(
        "Invalid search query. Detailed unprocessed description follows. Search error occurred: "
        f'Parse of date/time "{text}" failed with date format '
        f'"{_as_java_writes_it(preferences.date_format)}" in time zone {preferences.time_zone}.',
        parameter="q",
    )


def _as_java_writes_it(date_format: str) -> str:
    """Return a date format such as ``M/D/YYYY`` as the refusal names it: ``M/d/yy``."""
    written = re.sub(r"MONTH|Month", "MMMM", date_format)
    written = re.sub(r"MON|Mon", "MMM", written)
    return written.replace("YYYY", "yy").replace("YY", "yy").replace("D", "d")


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


_BY_KIND: Mapping[str, Callable[[_Field, Condition, Preferences], Where]] = {
    "boolean": _boolean,
    "number": _number,
    "text": _text,
    "choice": _choice,
    "several": _several,
    "day": _day,
    "instant": _instant,
}
