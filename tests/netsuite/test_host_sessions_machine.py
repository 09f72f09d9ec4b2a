"""Whatever programs of one host do, and whichever is killed: never a sixth, and no slot is lost."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tap_netsuite_tba.netsuite.host_sessions import HostSlots
from tap_netsuite_tba.netsuite.sessions import COOLING_SECONDS
from tap_netsuite_tba.netsuite.slots import Slot

NUMBERS = (5, 5, 3)
"""How many slots each program may have."""

PROGRAMS = st.integers(0, len(NUMBERS) - 1)
SECONDS = st.integers(1, 900 * 64).map(lambda parts: parts / 64)
"""Such as the six decimals of a slot's file hold exactly."""

ANY = st.integers(0, 10**6)


@dataclass
class Request:
    """One that holds a slot; once it is sent, NetSuite counts it until it has ended."""

    program: int
    slot: Slot
    began: float = 0.0
    counts_until: float | None = None


class Host(RuleBasedStateMachine):
    """Programs, the requests that hold their slots, and what NetSuite counts besides."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now = 1000.0
        self.programs = [self.started(program) for program in range(len(NUMBERS))]
        self.requests: list[Request] = []
        self.unheard: list[float] = []

    def started(self, program: int) -> HostSlots:
        folder = self.folder / "run" / "1234567"
        return HostSlots(folder, NUMBERS[program], monotonic=lambda: self.now)

    @rule(program=PROGRAMS)
    def tries(self, program: int) -> None:
        if slot := self.programs[program].take():
            self.requests.append(Request(program, slot))

    @rule(program=PROGRAMS)
    def waits_no_more(self, program: int) -> None:
        self.programs[program].step_back()

    @precondition(lambda self: self.requests)
    @rule(which=ANY, seconds=SECONDS)
    def sends(self, which: int, seconds: float) -> None:
        request = self.requests[which % len(self.requests)]
        if request.counts_until is None:
            request.began = self.now
            request.counts_until = self.now + seconds
            request.slot.begin(self.now, request.counts_until)

    @precondition(lambda self: self.requests)
    @rule(which=ANY)
    def is_answered(self, which: int) -> None:
        self.requests.pop(which % len(self.requests)).slot.give_back()

    @precondition(lambda self: self.requests)
    @rule(which=ANY, seconds=SECONDS)
    def gives_up(self, which: int, seconds: float) -> None:
        request = self.requests.pop(which % len(self.requests))
        if request.counts_until is None:
            request.slot.give_back()
        else:
            until = min(self.now + seconds, request.began + COOLING_SECONDS)
            self.unheard.append(until)
            request.slot.give_back(until)

    @rule(program=PROGRAMS)
    def is_killed(self, program: int) -> None:
        self.die(self.programs[program])
        own = [request for request in self.requests if request.program == program]
        self.requests = [request for request in self.requests if request.program != program]
        self.unheard += [one.counts_until for one in own if one.counts_until is not None]
        self.programs[program] = self.started(program)

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def there_are_never_six(self) -> None:
        unheard = sum(until > self.now for until in self.unheard)
        assert len(self.requests) + unheard <= max(NUMBERS)

    @invariant()
    def who_looks_sees_what_others_hold(self) -> None:
        most = self.programs[0]
        own = sum(request.program == 0 for request in self.requests)
        unheard = sum(until > self.now for until in self.unheard)
        held = most.holders()
        assert len(held) == len(self.requests) - own + unheard
        assert sum(one.cools_for is not None for one in held) == unheard

    def teardown(self) -> None:
        for request in self.requests:
            request.slot.give_back()
        for program in self.programs:
            program.step_back()
        self.now += 2000
        slots = [self.programs[0].take() for _ in range(NUMBERS[0])]
        for program in self.programs:
            self.die(program)
        shutil.rmtree(self.folder)
        assert all(slots)

    @staticmethod
    def die(program: HostSlots) -> None:
        """What the kernel does with the files of a killed process."""
        program.close()
        for file in program._files:  # noqa: SLF001
            file.close()


TestHost = Host.TestCase
TestHost.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
