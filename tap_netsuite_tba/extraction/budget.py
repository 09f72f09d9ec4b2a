"""How much may wait in memory: of the stream whose rows go out, and of those read ahead.

Each has a half of the bytes, so that what was read ahead never holds up the stream before it.
"""

from tap_netsuite_tba.extraction.workers import Workers

MAX_BYTES = 16 * 2**20
"""So many bytes of pages wait at most in all; what was in flight by then comes on top."""
MAX_PAGES_AHEAD = 32
"""So many pages wait at most, those in flight included; after a kill they are read once more."""
MAX_PLANS_AHEAD = 1
MAX_PAGES_OF_TURN = 5
"""So many pages wait at most of the stream whose rows go out."""


class Budget:
    """Shared by the readings of a run, which use the same workers."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._turns: list[Turn] = []

    def turn(self, *, is_mine: bool) -> "Turn":
        """The place of one more reading."""
        turn = Turn(self, is_mine=is_mine)
        self._turns.append(turn)
        return turn

    def end(self, turn: "Turn") -> None:
        """A reading has ended, and holds nothing any more."""
        self._turns.remove(turn)

    @property
    def has_room_ahead(self) -> bool:
        """Whether one more page may be read ahead; those in flight may be as large as any was."""
        in_flight = self._workers.outstanding
        if in_flight >= self._workers.size:
            return False
        ahead = [turn for turn in self._turns if not turn.is_mine]
        pages = sum(turn.pages for turn in ahead) + in_flight
        largest = max((turn.largest for turn in self._turns), default=0)
        held = sum(turn.size for turn in ahead) + in_flight * largest
        return pages < MAX_PAGES_AHEAD and held < MAX_BYTES / 2

    @property
    def plans_ahead(self) -> int:
        """How many readings wait for page ends before their turn."""
        return sum(turn.is_planning and not turn.is_mine for turn in self._turns)

    @property
    def most_running(self) -> int:
        """How many calls the reading whose turn it is may have at once, whatever others have."""
        return self._workers.size


class Turn:
    """What one reading holds, and whether it is its turn or it only reads ahead.

    Attributes:
        is_mine: Whether its rows go out now.
        pages: How many of its pages wait to be taken.
        size: Their bytes.
        largest: The bytes of its largest page so far.
        running: How many of its calls are not done.
        is_planning: Whether it waits for page ends.
    """

    def __init__(self, budget: Budget, *, is_mine: bool) -> None:
        self.is_mine = is_mine
        self.pages = self.size = self.largest = self.running = 0
        self.is_planning = False
        self._budget = budget

    def hold(self, sizes: list[int], *, running: int = 0, is_planning: bool = False) -> None:
        """The reading holds pages of so many bytes, and waits for others."""
        self.running, self.is_planning = running, is_planning
        self.pages, self.size = len(sizes), sum(sizes)
        self.largest = max([self.largest, *sizes])

    @property
    def may_ask(self) -> bool:
        """Whether the reading may hand one more request to the workers.

        That whose turn it is always may if it holds nothing, so that it goes on in any case.
        """
        if not self.is_mine:
            return self._budget.has_room_ahead
        holds_enough = self.pages >= MAX_PAGES_OF_TURN or self.size >= MAX_BYTES / 2
        return self.running < self._budget.most_running and not (self.pages and holds_enough)

    @property
    def may_plan(self) -> bool:
        """Whether it may ask for page ends: a slow question keeps a session for long."""
        return self.is_mine or (self.may_ask and self._budget.plans_ahead < MAX_PLANS_AHEAD)
