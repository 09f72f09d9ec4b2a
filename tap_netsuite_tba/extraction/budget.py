"""How much may wait in memory: of the stream whose rows go out, and of those read ahead."""

from tap_netsuite_tba.extraction.workers import Workers

MAX_BYTES = 16 * 2**20
"""So many bytes of pages wait at most, those in flight included as far as they can be foreseen."""
MAX_PAGES_AHEAD = 32
"""So many pages wait at most; after a kill they are read once more."""
MAX_PAGES_OF_TURN = 5
"""So many pages wait at most of the stream whose rows go out."""


class Budget:
    """Shared by the readings of a run, which use the same workers."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._turns: list[Turn] = []
        self._largest_page = 0

    def turn(self, *, is_mine: bool) -> "Turn":
        """The place of one more reading."""
        turn = Turn(self, is_mine=is_mine)
        self._turns.append(turn)
        return turn

    def end(self, turn: "Turn") -> None:
        """A reading has ended, and holds nothing any more."""
        self._turns.remove(turn)

    def saw_page(self, size: int) -> None:
        """Pages in flight may be as large as any was."""
        self._largest_page = max(self._largest_page, size)

    @property
    def has_room(self) -> bool:
        """Whether one more page may be asked for."""
        in_flight = self._workers.outstanding
        pages = sum(turn.pages for turn in self._turns) + in_flight
        held = sum(turn.size for turn in self._turns) + in_flight * self._largest_page
        return self._workers.has_room and pages < MAX_PAGES_AHEAD and held < MAX_BYTES

    @property
    def has_worker(self) -> bool:
        """Whether a worker has nothing to do."""
        return self._workers.has_room


class Turn:
    """What one reading holds, and whether it is its turn or it only reads ahead.

    Attributes:
        is_mine: Whether its rows go out now.
        pages: How many of its pages wait to be taken.
        size: Their bytes.
    """

    def __init__(self, budget: Budget, *, is_mine: bool) -> None:
        self.is_mine = is_mine
        self.pages = 0
        self.size = 0
        self._budget = budget

    def hold(self, sizes: list[int]) -> None:
        """The reading holds pages of so many bytes."""
        self.pages, self.size = len(sizes), sum(sizes)
        self._budget.saw_page(max(sizes, default=0))

    @property
    def may_ask(self) -> bool:
        """Whether the reading may hand one more request to the workers.

        That whose turn it is always may if it holds nothing, so that it goes on in any case.
        """
        if not self.is_mine:
            return self._budget.has_room
        if not self.pages:
            return self._budget.has_worker
        return self.pages < MAX_PAGES_OF_TURN and self._budget.has_room
