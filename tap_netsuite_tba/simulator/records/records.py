"""What tests know of the records, and what they do to them."""

from collections.abc import Callable
from typing import Any

from tap_netsuite_tba.simulator.errors import Refusal, forbidden, unexpected
from tap_netsuite_tba.simulator.records.long_orders import add_lines
from tap_netsuite_tba.simulator.records.refusals import administrators_only, locked
from tap_netsuite_tba.simulator.records.shown import RECORDS, Style
from tap_netsuite_tba.simulator.records.truth import Truth
from tap_netsuite_tba.simulator.storage import Storage

_LONGEST_SUBLIST = 1000
_UNBOUNDED = 10**9
_NOWHERE = "https://simulator.example"


class Records:
    """The records of an account; what is set here holds from the next request on.

    Args:
        truth: reads the records.
        storage: the rows behind them.

    Attributes:
        truth: reads the records.
        page_size: lines that an expanded sublist has at most.
        speaks_otherwise: whether the user's language is another than the account's, so that each
            request for records is refused.
        unlistable: types that cannot be listed, though each of their records can be read, as it is
            with campaigns in NetSuite; lower case.
    """

    def __init__(self, truth: Truth, storage: Storage) -> None:
        self.truth = truth
        self._storage = storage
        self.page_size = _LONGEST_SUBLIST
        self.speaks_otherwise = False
        self.unlistable = {"campaign"}
        self._refusing: dict[tuple[str, str | None], Callable[[], Refusal]] = {}

    def document(self, record_type: str, record_id: int | str) -> dict[str, Any]:
        """Return the truth: a record as the role would see it if nothing of it were refused.

        Args:
            record_type: in whatever case.
            record_id: its internal id, or ``eid:`` and its external id.

        Returns:
            The expanded document with its links, at a host that does not exist; its numbers are
            int or Decimal, and its sublists whole however long.

        Raises:
            KeyError: there is no such record.
        """
        record = self.truth.find(record_type)
        part = self.truth.load(record, str(record_id)) if record is not None else None
        if record is None or part is None:
            raise KeyError(f"there is no {record_type} {record_id}")
        style = Style(_NOWHERE, page_size=_UNBOUNDED)
        return style.part(part, f"{_NOWHERE}{RECORDS}/{record.name}/{part.key}")

    def add_lines(self, transaction: int, count: int) -> None:
        """Copy the first item line of a transaction ``count`` times; its totals grow along.

        Raises:
            ValueError: it has no item line.
        """
        add_lines(self._storage, transaction, count)

    def lock(self, record_type: str, *ids: int) -> None:
        """Let a workflow lock records, or all of a type: SuiteQL reads them, a GET does not."""
        self._refuse(locked, record_type, ids)

    def forbid(self, record_type: str, *ids: int) -> None:
        """Take the permission to open records, or all of a type; SuiteQL still reads them."""
        self._refuse(forbidden, record_type, ids)

    def reserve(self, record_type: str, *ids: int) -> None:
        """Let records be administrators', whom others may not edit and so not open."""
        self._refuse(administrators_only, record_type, ids)

    def upset(self, record_type: str, *ids: int) -> None:
        """Let NetSuite stumble over records, whenever it opens them, with a 500."""
        self._refuse(unexpected, record_type, ids)

    def release(self, record_type: str, *ids: int) -> None:
        """Undo what was done to records, or to all of a type at once."""
        for place in _places(record_type, ids):
            self._refusing.pop(place, None)

    def refuse_language(self, *, refused: bool = True) -> None:
        """Let the user speak another language than the account, which the service refuses."""
        self.speaks_otherwise = refused

    def check(self, record_type: str, record_id: str) -> None:
        """Refuse what a test wants refused.

        Raises:
            Refusal: as NetSuite words it.
        """
        for place in ((record_type, record_id), (record_type, None)):
            refusal = self._refusing.get(place)
            if refusal is not None:
                raise refusal()

    def _refuse(
        self, refusal: Callable[[], Refusal], record_type: str, ids: tuple[int, ...]
    ) -> None:
        self._refusing.update(dict.fromkeys(_places(record_type, ids), refusal))


def _places(record_type: str, ids: tuple[int, ...]) -> list[tuple[str, str | None]]:
    name = record_type.lower()
    return [(name, str(each)) for each in ids] or [(name, None)]
