"""Which parts, such as a sublist, NetSuite refuses of all records of a type.

Whether a part is refused of one record or of all is told by others, which are read when it is met
first: before any record goes out without the part, and before any is unreadable for it.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.netsuite.errors import said_by
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.netsuite.record_pages import is_empty
from tap_netsuite_tba.netsuite.record_parts import Parts, refusal

logger = logging.getLogger(__name__)

_LACKING = (
    "NetSuite does not give the part %s of %s, neither of %s nor of %d others that were looked at, "
    "so documents come without it. %s If it is wanted, allow the role what the part shows (in a "
    "browser, as this role, it must be there on the record), and read the stream anew from its "
    "beginning: what went out without it stays so until then."
)

_ENOUGH = 3
"""If a part is refused of so many others, or of all if they are fewer, it is so of all records."""

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


Look = Callable[[int], Shown | None]
"""Reads a record; None if it cannot be read."""


class LackingParts:
    """What is known of the parts of one type's records; may be used by many threads.

    Args:
        name: What the records are called in messages.
    """

    def __init__(self, name: str) -> None:
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
        if shown.parts.failed.keys() - self._is_lacking.keys():
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
        if late:
            raise CountMismatch(
                f"Records of {self._name} were read without their {', '.join(late)}, which "
                "NetSuite gave of none, and now it does.",
                table=self._name,
            )

    def _judge(self, key: int, shown: Shown, look: Look, others: Others) -> None:
        """Looks at others for the parts that a record lacks and of which nothing is known."""
        lacks = {n: e for n, e in shown.parts.failed.items() if n not in self._is_lacking}
        if not lacks:
            return
        lacking: Counter[str] = Counter()
        keys = [other for other in others() if other != key]
        for other in keys:
            if lacks.keys() <= self._had:
                break
            if found := look(other):
                with self._noting:
                    self._had |= found.has
                lacking.update(lacks.keys() & found.parts.failed.keys())
        with self._noting:
            # Those that do not mention the part, or cannot be read, tell nothing.
            enough = min(_ENOUGH, max(len(keys), 1))
            lacked = {n for n in lacks if n not in self._had and lacking[n] >= enough}
            self._is_lacking |= {part: part in lacked for part in lacks}
        for part in sorted(lacked):
            said = said_by(lacks[part])
            logger.warning(_LACKING, part, self._name, key, lacking[part], said)
