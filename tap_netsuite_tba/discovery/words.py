"""What NetSuite's words of refusal name: a column, or a table.

The words are those that clients have met, and nobody promises them: case, quotes and a final dot
vary, and an alias or the table's name may stand before a column's.
"""

import re
from typing import NamedTuple

_QUOTE = r"['\"`\u2018\u2019\u201c\u201d]"  # Straight, slanted, and curly ones.
_WORD = r"[\w$#]+"
_NAME = rf"(?:(?P<owner>{_WORD})\.)?(?P<name>{_WORD})"
_COLUMN_IN_WORDS = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        rf"unknown identifier:? {_QUOTE}?{_NAME}",
        rf"field {_QUOTE}?{_NAME}{_QUOTE}? for record {_QUOTE}?(?P<record>{_WORD})",
        rf"field {_QUOTE}{_NAME}{_QUOTE}",
    )
)
_TABLE_IN_WORDS = re.compile(
    rf"(?<!for )record {_QUOTE}?(?P<hidden>{_WORD}){_QUOTE}? was not found"
    rf"|invalid search type:? {_QUOTE}?(?P<unknown>{_WORD})",
    re.IGNORECASE,
)
_ABSENT = re.compile("unknown identifier|was not found", re.IGNORECASE)


class NamedColumn(NamedTuple):
    """A column that a refusal names, in lower case; its owner is empty if that is not said."""

    name: str
    owner: str


def named_column(words: str) -> NamedColumn | None:
    """The column that a refusal names, with the alias or the table that it says it is of."""
    for pattern in _COLUMN_IN_WORDS:
        if found := pattern.search(words):
            parts = found.groupdict()
            owner = parts.get("record") or parts["owner"] or ""
            return NamedColumn(parts["name"].lower(), owner.lower())
    return None


def named_table(words: str) -> str | None:
    """The table, in lower case, that is not there for the role."""
    found = _TABLE_IN_WORDS.search(words)
    return (found["hidden"] or found["unknown"]).lower() if found else None


def names_unknown_table(words: str) -> bool:
    """Whether they are those for a table that the account does not have, whoever asks."""
    found = _TABLE_IN_WORDS.search(words)
    return found is not None and found["unknown"] is not None


def says_absent(words: str) -> bool:
    """Whether what is refused is not there at all, so that no other expression would give it."""
    return _ABSENT.search(words) is not None
