"""The REGEXP functions; their expressions are RE2's, which has no back references."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.suiteql.formulas import (
    Arguments,
    Function,
    as_number,
    as_text,
    bounded,
    filled,
    text_or_null,
    whole_number,
)
from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, Preferences, quoted
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

# Oracle's match parameters, as flags inside of an expression.
_FLAGS = {"i": "(?i)", "c": "(?-i)", "n": "(?s)", "m": "(?m)"}
_NEEDED = ("text", "pattern")


class _Search:
    """The arguments of one REGEXP function.

    Attributes:
        text: what is searched.
        start: from which position on.
        rest: the text from there on.
        pattern: with its match parameters inside.
    """

    def __init__(self, names: str, arguments: Arguments, preferences: Preferences) -> None:
        order = names.split()
        if not len(_NEEDED) <= len(arguments) <= len(order):
            raise unsupported()
        self._given = dict(zip(order, arguments, strict=False))
        self.text = f"CAST({as_text(self._given['text'], preferences).sql} AS VARCHAR)"
        start = self._given.get("start")
        self.start = "1" if start is None else as_number(start).sql
        self.rest = self.text if self.start == "1" else f"substr({self.text}, {self.start})"
        self.pattern = self._given["pattern"].sql
        options = self._given.get("options")
        if options is not None:
            if options.literal is None or not set(options.literal) <= _FLAGS.keys():
                raise unsupported()
            flags = quoted("".join(_FLAGS[option] for option in options.literal))
            self.pattern = f"({flags} || {self.pattern})"

    def number(self, name: str, default: int) -> int:
        """Return a whole number that the query has to write out.

        Raises:
            Refusal: it is worked out, or negative.
        """
        given = self._given.get(name)
        number = default if given is None else whole_number(given)
        if number is None or number < 0:
            raise unsupported()
        return number

    def new(self, preferences: Preferences) -> str:
        """Return what is put in place of what is found: nothing, unless said."""
        given = self._given.get("new")
        return "''" if given is None else f"coalesce({as_text(given, preferences).sql}, '')"


def _like(arguments: Arguments, preferences: Preferences) -> Expression:
    search = _Search("text pattern options", arguments, preferences)
    return Expression(f"regexp_matches({search.text}, {search.pattern})", Kind.CONDITION)


def _count(arguments: Arguments, preferences: Preferences) -> Expression:
    search = _Search("text pattern start options", arguments, preferences)
    sql = f"len(regexp_extract_all({search.rest}, {search.pattern}))"
    return Expression(sql, Kind.NUMBER)


def _substr(arguments: Arguments, preferences: Preferences) -> Expression:
    search = _Search("text pattern start occurrence options group", arguments, preferences)
    group, occurrence = search.number("group", 0), search.number("occurrence", 1)
    found = f"regexp_extract_all({search.rest}, {search.pattern}, {group})"
    return text_or_null(f"{{0}}[{occurrence}]", [found])


def _instr(arguments: Arguments, preferences: Preferences) -> Expression:
    search = _Search("text pattern start occurrence after options", arguments, preferences)
    earlier = search.number("occurrence", 1) - 1
    # Group 1 ends where the find begins, group 0 where it ends.
    group = 0 if search.number("after", 0) else 1
    if earlier < 0:
        raise unsupported()
    times = f"{{{earlier},{earlier}}}"
    whole = f"('^((?s:.*?)(?:(?:' || {{1}} || ')(?s:.*?)){times})(?:' || {{1}} || ')')"
    rest = "{0}" if search.start == "1" else "substr({0}, {2})"
    sql = filled(
        f"(CASE WHEN regexp_matches({rest}, {whole})"
        f" THEN length(regexp_extract({rest}, {whole}, {group})) + {{2}} ELSE 0 END)",
        [search.text, search.pattern, search.start],
    )
    return Expression(sql, Kind.NUMBER)


def _replace(arguments: Arguments, preferences: Preferences) -> Expression:
    search = _Search("text pattern new start occurrence options", arguments, preferences)
    occurrence = search.number("occurrence", 0)
    if occurrence > 1:
        raise unsupported()
    every = "'g'" if occurrence == 0 else "''"
    parts = [search.text, search.pattern, search.new(preferences), search.start]
    rest = "{0}" if search.start == "1" else "substr({0}, {3})"
    text = f"regexp_replace({rest}, {{1}}, {{2}}, {every})"
    if search.start != "1":
        text = f"(substr({{0}}, 1, {{3}} - 1) || {text})"
    # Beside each character the new text may stand, and in it all that was found.
    return text_or_null(bounded("(strlen({0}) + 1) * strlen({2})", text), parts)


PATTERN_FUNCTIONS: Mapping[str, Function] = {
    "REGEXP_COUNT": _count,
    "REGEXP_INSTR": _instr,
    "REGEXP_LIKE": _like,
    "REGEXP_REPLACE": _replace,
    "REGEXP_SUBSTR": _substr,
}
