"""The company's life: its history at the start, then orders and edits as minutes pass."""

import threading

from tap_netsuite_tba.simulator.clock import Clock
from tap_netsuite_tba.simulator.company import Company, build, live
from tap_netsuite_tba.simulator.storage import Storage


class Life:
    """Lets a company be, and go on."""

    def __init__(self, storage: Storage, clock: Clock, company: Company) -> None:
        self._storage = storage
        self._clock = clock
        self._company = company
        self._until = company.born
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Write the company's history."""
        with self._storage.writer() as connection:
            build(connection, self._company)

    def go_on(self) -> None:
        """Let happen what has happened since the last time, up to the last whole minute."""
        now = self._clock.now().replace(second=0, microsecond=0)
        with self._lock:
            if now > self._until:
                with self._storage.writer() as connection:
                    live(connection, self._company, self._until, now)
                self._until = now
