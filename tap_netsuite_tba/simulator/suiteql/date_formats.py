"""Formats of dates: the account's own, and Oracle's, taken apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

# Of the formats that an account can choose; what stands alone is not padded.
_PREFERENCE = re.compile(r"YYYY|YY|MONTH|Month|Mon|MON|MM|M|DD|D|[-/. ]")
_PREFERENCE_PARTS = {
    "YYYY": "%Y",
    "YY": "%y",
    "MONTH": "%B",
    "Month": "%B",
    "MON": "%b",
    "Mon": "%b",
    "MM": "%m",
    "M": "%-m",
    "DD": "%d",
    "D": "%-d",
}

_NAMES = (
    *("SYYYY", "Y,YYY", "YYYY", "YYY", "YY", "Y", "RRRR", "RR", "IYYY", "IYY", "IY", "I"),
    *("SCC", "CC", "AD", "A.D.", "Q", "MONTH", "MON", "MM", "RM", "WW", "W", "IW"),
    *("DDD", "DD", "DAY", "DY", "D", "J", "HH24", "HH12", "HH", "AM", "PM", "A.M.", "P.M."),
    *("MI", "SSSSS", "SS", "X", "FF", *(f"FF{digits}" for digits in range(1, 10))),
    *("TZR", "TZH", "TZM"),
)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|(?P<switch>FM|FX)|(?P<name>'
    + "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True))
    + r")|(?P<mark>[-/,.;: ])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Element:
    """A piece of one of Oracle's date formats.

    Attributes:
        name: such as ``YYYY``, in capitals; empty of what is printed as it stands.
        text: as it was written, without its quotes.
        bare: FM is in force: no padding.
    """

    name: str
    text: str
    bare: bool


def elements(oracle: str) -> Iterator[Element]:
    """Take a format such as ``YYYY-MM-DD"T"HH24:MI:SS"Z"`` apart.

    Raises:
        Refusal: it holds what Oracle does not have.
    """
    position = 0
    bare = False
    while position < len(oracle):
        match = _TOKEN.match(oracle, position)
        if match is None:
            raise unsupported()
        position = match.end()
        if match["switch"]:
            bare ^= match["switch"].upper() == "FM"
        elif match["name"]:
            yield Element(match["name"].upper(), match["name"], bare)
        else:
            yield Element("", match["mark"] or match["quoted"], bare)


def preference_format(date_format: str) -> str:
    """Translate an account's date format such as ``M/D/YYYY`` for DuckDB's strftime.

    Raises:
        ValueError: NetSuite offers no such format.
    """
    parts = _PREFERENCE.findall(date_format)
    if not parts or "".join(parts) != date_format:
        raise ValueError(f"{date_format!r} is no NetSuite date format; one is M/D/YYYY")
    return "".join(_PREFERENCE_PARTS.get(part, part) for part in parts)
