"""What is known to go wrong in a query that somebody wrote, and what to write instead.

The words are in explanations.toml: what SuiteQL takes differs from other SQL, and NetSuite seldom
says why it refuses a query. Facts are of Oracle's help, and of connectors in use.
"""

import re
from dataclasses import dataclass

from tap_netsuite_tba.explanations import TrapWords, functions_instead, trap_words
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused, is_fault, said_by
from tap_netsuite_tba.netsuite.query_text import outline
from tap_netsuite_tba.netsuite.trap_finders import FINDERS

FATAL = "fatal"
"""NetSuite cannot answer it, or answers wrongly and without an error: it is not even asked."""

SILENT = "silent"
"""NetSuite may answer it wrongly, without an error."""

EMPTY = "empty"
"""NetSuite may answer it with no rows, without an error: it matters only where none came."""

REFUSED = "refused"
"""NetSuite refuses it, or may; it matters only where it did."""

UNNAMED = "unnamed"
"""NetSuite answers it, but a query that is read in parts, in parentheses, needs a name there."""

_NEAR = re.compile(r"near: ([^\s(,]+)")
_SHOWN = 60  # Characters of what was found in a query.


@dataclass(frozen=True)
class Trap:
    """Something in a query that SuiteQL does not take, or not as it is meant.

    Attributes:
        key: Its name in explanations.toml.
        effect: What comes of it: `FATAL`, `SILENT`, `EMPTY`, `REFUSED` or `UNNAMED`.
        found: Where it is: a part of the query, or a name in NetSuite's answer.
        cause: A sentence, or more.
        remedy: A sentence, or more.
        is_answered: Whether NetSuite answers it, so that no refusal is explained by it.
    """

    key: str
    effect: str
    found: str
    cause: str
    remedy: str
    is_answered: bool = False

    @property
    def is_fatal(self) -> bool:
        """Whether NetSuite need not be asked."""
        return self.effect == FATAL

    def __str__(self) -> str:
        """What is wrong, and what to do about it."""
        return f"{self.cause} {self.remedy}"


def traps(text: str) -> tuple[Trap, ...]:
    """What the text of a query shows of them, whatever their effect; fatal ones first."""
    outlined = outline(text)
    found = []
    for words in trap_words():
        finder = FINDERS.get(words.key)
        first = next(finder(outlined), None) if finder else None
        if first is not None:
            found.append(_trap(words, first))
    return tuple(sorted(found, key=lambda trap: not trap.is_fatal))


def reasons(error: NetSuiteError, text: str) -> tuple[Trap, ...]:
    """The traps that fit both what NetSuite answered and the text of the query; often none.

    Args:
        error: What came in the place of rows.
        text: The query, as its author wrote it.
    """
    if not _may_be_of_text(error):
        return ()
    in_text = tuple(trap for trap in traps(text) if not trap.is_answered)
    if named := _named(error.detail, is_last=False):
        # NetSuite says what it stumbled over; in the text only what is called so is a reason.
        names = {trap.found.lower() for trap in named}
        return tuple(t for t in in_text if t.found.strip('"').lower() in names) or named
    if near := _NEAR.search(error.detail):
        return tuple(t for t in in_text if t.found.upper() == near[1].upper()) or in_text
    return in_text


def explained(error: NetSuiteError, text: str) -> str:
    """An error of a query in sentences: NetSuite's words, then why, and what to do.

    Args:
        error: What came in the place of rows.
        text: The query, as its author wrote it.
    """
    fitting = reasons(error, text)
    if not fitting and _may_be_of_text(error):
        fitting = _named(f"{error.detail} {error.code}", is_last=True)
    return " ".join([said_by(error), *map(str, fitting)]) if fitting else str(error)


def _may_be_of_text(error: NetSuiteError) -> bool:
    return isinstance(error, QueryRefused) or is_fault(error)


def _named(detail: str, *, is_last: bool) -> tuple[Trap, ...]:
    """What NetSuite's words name, by the first words of explanations.toml that fit them."""
    for words in trap_words():
        for says in words.says:
            if words.is_last == is_last and (told := re.search(says, detail)):
                return (_trap(words, told[1]),)
    return ()


def _trap(words: TrapWords, found: str) -> Trap:
    shown = " ".join(found.split())
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    instead = functions_instead().get(found.upper(), "")
    parts = (words.cause, words.remedy)
    cause, remedy = (p.replace("{found}", shown).replace("{instead}", instead) for p in parts)
    return Trap(words.key, words.effect, found, cause, remedy, words.is_answered)
