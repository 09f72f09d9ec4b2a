"""Oracle's date formats, and the account's own, in the terms of DuckDB's strftime."""

import re

from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

# Longest first, so that HH24 is not read as HH; None marks what needs more than strftime.
_ELEMENTS = {
    "YYYY": "%Y",
    "RRRR": "%Y",
    "YY": "%y",
    "RR": "%y",
    "MONTH": "%B",
    "MON": "%b",
    "MM": "%m",
    "DDD": "%j",
    "DD": "%d",
    "DAY": "%A",
    "DY": "%a",
    "IW": "%V",
    "IYYY": "%G",
    "HH24": "%H",
    "HH12": "%I",
    "HH": "%I",
    "MI": "%M",
    "SS": "%S",
    "FF3": "%g",
    "FF6": "%f",
    "FF": "%f",
    "AM": "%p",
    "PM": "%p",
}
_TOKEN = re.compile(
    '"(?P<quoted>[^"]*)"|(?P<element>'
    + "|".join(sorted(_ELEMENTS, key=len, reverse=True))
    + r")|(?P<mark>[-/,.;: ])|(?P<fill>FM)",
    re.IGNORECASE,
)
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


def strftime_format(oracle: str) -> str:
    """Translate an Oracle format such as ``YYYY-MM-DD"T"HH24:MI:SS"Z"``.

    Raises:
        Refusal: it holds an element that is not known here.
    """
    parts: list[str] = []
    position = 0
    unpadded = False
    while position < len(oracle):
        match = _TOKEN.match(oracle, position)
        if match is None:
            raise unsupported()
        position = match.end()
        if match["fill"]:
            unpadded = not unpadded
        elif match["element"]:
            part = _ELEMENTS[match["element"].upper()]
            parts.append(part.replace("%", "%-") if unpadded and part in _PADDED else part)
        else:
            parts.append((match["quoted"] or match["mark"] or "").replace("%", "%%"))
    return "".join(parts)


_PADDED = frozenset({"%m", "%d", "%H", "%I", "%M", "%S", "%j"})


def preference_format(date_format: str) -> str:
    """Translate an account's date format such as ``M/D/YYYY``.

    Raises:
        ValueError: NetSuite offers no such format.
    """
    parts = _PREFERENCE.findall(date_format)
    if not parts or "".join(parts) != date_format:
        raise ValueError(f"{date_format!r} is no NetSuite date format; one is M/D/YYYY")
    return "".join(_PREFERENCE_PARTS.get(part, part) for part in parts)
