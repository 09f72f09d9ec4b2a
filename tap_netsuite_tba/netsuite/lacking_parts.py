"""Which parts, such as a sublist, none of the records of a type has for this role.

NetSuite may refuse a part of a record, or have nothing where the record's own link to it leads.
Whether that is so of one record or of all is told by others, which are read when it is met first:
before any record goes out without the part, and before any is unreadable for it.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.netsuite.errors import NetSuiteError, said_by
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.netsuite.record_pages import is_empty
from tap_netsuite_tba.netsuite.record_parts import Parts, refusal

logger = logging.getLogger(__name__)

_REFUSED = (
    "NetSuite does not give the part %s of %s, neither of %s nor of %d others that were looked at, "
    "so documents come without it. %s If it is wanted, allow the role what the part shows (in a "
    "browser, as this role, it must be there on the record), and read the stream anew from its "
    "beginning: what went out without it stays so until then."
)
_ABSENT = (
    "There is nothing where the part %s of %s is to be, neither at %s nor at %d others that were "
    "looked at, so it is not asked for any more in this run. %s"
)

Others = Callable[[], Sequence[int]]
"""Tells the ids of some records of a type, or of all if these are few."""


class Shown(NamedTuple):
    """A record as far as NetSuite shows it, and what came of asking for its parts."""

    document: Document
    parts: Parts

    @property
    def has(self) -> set[str]:
        """The names of the parts with something in them; of those within others, if asked for."""
        members = self.document.items()
        own = {n.lower() for n, each in members if isinstance(each, dict) and not is_empty(each)}
        return own | self.parts.given

    @property
    def lacks(self) -> Mapping[str, NetSuiteError]:
        """The parts that are mere links, by their names, and what NetSuite said of them."""
        return self.parts.absent | self.parts.failed


Look = Callable[[int], Shown | None]
"""Reads a record; None if it cannot be read."""


class LackingParts:
    """What is known of the parts of one type's records; may be used by many threads.

    Args:
        name: What the records are called in messages.

    Attributes:
        unasked: The names of parts that need not be asked for: there is nothing at any record.
    """

    def __init__(self, name: str) -> None:
        self.unasked: frozenset[str] = frozenset()
        self._name = name
        self._had: set[str] = set()
        self._is_lacking: dict[str, bool] = {}
        self._noting = threading.Lock()
        self._judging = threading.Lock()

    def check(self, key: int, shown: Shown, look: Look, others: Others) -> None:
        """Judges whether a record may go out as far as it is shown.

        Args:
            key: Its internal id.
            shown: The record.
            look: Reads another one.
            others: Tells of others; asked at the first record that lacks a part.

        Raises:
            RequestRefused: A part of it is refused, and it is not known that none of its type
                has it.
            CountMismatch: It has a part that was left out of others.
            NetSuiteError: NetSuite could not be asked for others.
        """
        self._note(shown)
        lacks = shown.lacks
        if lacks.keys() - self._is_lacking.keys():
            with self._judging:  # Those who wait here learn what the first one finds.
                self._judge(key, shown, look, others)
        for part, error in shown.parts.failed.items():
            if not self._is_lacking[part]:
                raise refusal(error, f"the part {part} is refused: {error.detail}")

    def _note(self, shown: Shown) -> None:
        with self._noting:
            has = shown.has
            self._had |= has
            late = sorted(part for part in has if self._is_lacking.get(part))
            self._is_lacking |= dict.fromkeys(late, False)
            self.unasked -= {*late}
        if late:
            raise CountMismatch(
                f"Records of {self._name} were read without their {', '.join(late)}, which "
                "NetSuite gave of none, and now it does.",
                table=self._name,
            )

    def _judge(self, key: int, shown: Shown, look: Look, others: Others) -> None:
        """Looks at others for the parts that a record lacks and of which nothing is known."""
        lacks = {n: e for n, e in shown.lacks.items() if n not in self._is_lacking}
        if not lacks:
            return
        refused = {*shown.parts.failed}
        lacking: Counter[str] = Counter()
        keys = [other for other in others() if other != key]
        for other in keys:
            if lacks.keys() <= self._had:
                break
            if found := look(other):
                with self._noting:
                    self._had |= found.has
                lacking.update(lacks.keys() & found.lacks.keys())
                refused |= found.parts.failed.keys()
        with self._noting:
            # If most of them do not even mention the part, or cannot be read, they tell nothing.
            lacked = {n for n in lacks if n not in self._had and 2 * lacking[n] > len(keys)}
            self._is_lacking |= {part: part in lacked for part in lacks}
            self.unasked |= lacked - refused
        for part in sorted(lacked):
            told = _REFUSED if part in refused else _ABSENT
            said = said_by(lacks[part])
            logger.warning(told, part, self._name, key, lacking[part], said)
