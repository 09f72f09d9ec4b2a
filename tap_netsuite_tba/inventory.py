"""Which tables the account has for a run, and what became of them since a catalog was made."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from tap_netsuite_tba.discovery.found import Discovery, Wanted
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.settings import Settings
from tap_netsuite_tba.tables import Table

if TYPE_CHECKING:
    from tap_netsuite_tba.connection import Connection
    from tap_netsuite_tba.discovery.memory import Memory

# The rest of the discovery is imported where it is used: --about and a run with a catalog need
# little of it, and its libraries take their time.


class Inventory:
    """What a run asks of the discovery.

    Args:
        settings: The run's.
        connect: Gives the connection, which is opened when it is first wanted.
        workers: Where queries are sent at the same time.
    """

    def __init__(
        self, settings: Settings, connect: "Callable[[], Connection]", workers: Workers
    ) -> None:
        self._seconds = settings.discovery_cache_seconds
        self._wanted = Wanted(
            settings.tables,
            settings.column_types,
            settings.include_labels,
            settings.records,
            settings.queries,
        )
        self._connect = connect
        self._workers = workers

    def found(self) -> Discovery:
        """What the settings ask for and NetSuite lets this role read.

        Raises:
            TapNetSuiteError: The account could not be asked.
        """
        from tap_netsuite_tba.discovery.memory import remembered  # noqa: PLC0415
        from tap_netsuite_tba.discovery.sources import Sources  # noqa: PLC0415

        connection = self._connect()
        sources = Sources(
            connection.fetch_patiently,
            connection.record_catalog,
            connection.records.read,
            self._workers,
        )
        return remembered(self._wanted, self._memory, sources)

    def saying_changes(self, tables: Sequence[Table]) -> AbstractContextManager[None]:
        """Says, beside what happens inside, what became of the account since these were found."""
        from tap_netsuite_tba.discovery.changes import saying_changes  # noqa: PLC0415

        connection = self._connect()
        return saying_changes(
            tables, self._wanted, self._memory, connection.fetch, after=connection.first_answer
        )

    def doubt(self) -> None:
        """Perhaps the role, or the account, changed: the next run is to ask for everything."""
        if memory := self._memory:
            memory.doubt()

    @property
    def _memory(self) -> "Memory | None":
        from tap_netsuite_tba.discovery.memory import memory_of  # noqa: PLC0415

        return memory_of(self._connect().identity, self._wanted, self._seconds)
