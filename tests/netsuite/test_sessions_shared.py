"""Session pools of several programs on one host."""

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tap_netsuite_tba.netsuite.allowance import Allowance
from tap_netsuite_tba.netsuite.errors import ClientClosed, SessionsTaken
from tap_netsuite_tba.netsuite.file_locks import LockFile
from tap_netsuite_tba.netsuite.host_sessions import HostSlots
from tap_netsuite_tba.netsuite.sessions import SHORTEST_COOLING, Session, SessionPool
from tests.netsuite.conftest import Time, Waiting


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run" / "1234567"


@pytest.fixture
def one_slot(folder: Path) -> Iterator[HostSlots]:
    with closing(HostSlots(folder, 1)) as slots:
        yield slots


def pool_of(folder: Path, number: int = 1, longest_wait: float | None = None) -> SessionPool:
    return SessionPool(number, slots=HostSlots(folder, number), longest_wait=longest_wait)


class Account:
    """Counts the requests in flight of all programs."""

    def __init__(self) -> None:
        self.peak = 0
        self.order: list[int] = []
        self._in_flight = 0
        self._lock = threading.Lock()

    def request(self, program: int) -> None:
        with self._lock:
            self.order.append(program)
            self._in_flight += 1
            self.peak = max(self.peak, self._in_flight)
        threading.Event().wait(0.002)
        with self._lock:
            self._in_flight -= 1


def test_programs_never_have_more_sessions_than_slots_together_and_none_starves(
    folder: Path,
) -> None:
    pools, account = [pool_of(folder, 3) for _ in range(4)], Account()

    def work(program: int) -> None:
        for _ in range(10):
            with pools[program].session() as session:
                session.begin()
                account.request(program)

    with ThreadPoolExecutor(16) as threads:
        for future in [threads.submit(work, number % 4) for number in range(16)]:
            future.result()
    assert account.peak == 3
    assert Counter(account.order) == dict.fromkeys(range(4), 40)
    # All want all the time, until the first has had all that it wanted.
    while_all_want = account.order[: min(map(_last_of(account.order), range(4)))]
    assert min(Counter(while_all_want).values()) > 20


def test_a_slot_that_another_program_gives_back_is_noticed(
    folder: Path, one_slot: HostSlots
) -> None:
    held, waiting = one_slot.take(), Waiting()
    assert held
    pool = SessionPool(1, slots=HostSlots(folder, 1), changed=waiting)
    with ThreadPoolExecutor(1) as thread, closing(pool):
        asked = thread.submit(pool.session().__enter__)
        waiting.expect(threads=2)
        held.give_back()
        assert isinstance(asked.result(timeout=30), Session)


def test_one_who_waits_for_another_program_is_told_when_its_pool_is_closed(
    folder: Path, one_slot: HostSlots
) -> None:
    assert one_slot.take()
    waiting = Waiting()
    pool = SessionPool(1, slots=HostSlots(folder, 1), changed=waiting)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(pool.session().__enter__) for _ in range(2)]
        waiting.expect(threads=2)
        pool.close()
        assert all(isinstance(one.exception(timeout=30), ClientClosed) for one in asked)


def test_one_who_waits_for_another_program_in_vain_is_told_who_it_is(
    folder: Path, one_slot: HostSlots
) -> None:
    slot = one_slot.take()
    assert slot
    slot.begin(0.0, 1.0)
    with closing(pool_of(folder, longest_wait=0.05)) as pool:
        with (
            pytest.raises(SessionsTaken, match=r"1 slot is held by .*\(process \d+ for"),
            pool.session(),
        ):
            pass
        # Nobody is kept from the slot by one who has given up.
        slot.give_back()
        with closing(pool_of(folder, longest_wait=30)) as another, another.session():
            pass


def test_a_closed_pool_leaves_no_file_open(folder: Path) -> None:
    def open_files() -> int:
        numbers = {file.stat().st_ino for file in folder.iterdir()}
        found = 0
        for handle in Path("/dev/fd").iterdir():
            with suppress(OSError):  # the one that lists them
                found += os.fstat(int(handle.name)).st_ino in numbers
        return found

    pool = pool_of(folder, 5)
    with pool.session(), pool.session():
        assert open_files() >= 2
        pool.close()
    assert not open_files()


def test_what_a_program_leaves_in_flight_as_it_ends_keeps_the_next_one_waiting(
    folder: Path,
) -> None:
    ends, follows = pool_of(folder, 2), pool_of(folder, 2, longest_wait=0)
    with suppress(KeyboardInterrupt), ends.session() as first, ends.session() as second:
        first.begin()
        second.begin()
        first.end()
        ends.close()
        raise KeyboardInterrupt
    with closing(follows), follows.session():
        (left,) = follows.holders()
        assert SHORTEST_COOLING - 1 < (left.cools_for or 0) <= SHORTEST_COOLING


def test_one_who_may_have_no_more_sessions_holds_nobody_up(folder: Path, time: Time) -> None:
    """Nor does one who was in line when the account had no room for more."""
    allowance, waiting = Allowance(2, monotonic=time.monotonic), Waiting()
    slots = HostSlots(folder, 2)
    limited = SessionPool(2, slots=slots, allowance=allowance, changed=waiting)
    with (
        closing(pool_of(folder, 2, longest_wait=30)) as other,
        closing(limited),
        ThreadPoolExecutor(1) as thread,
        limited.session(),
    ):
        with other.session():
            asked = thread.submit(limited.session().__enter__)
            waiting.expect(threads=1)
            allowance.one_only = True
            waiting.expect(threads=1)
        with other.session():
            assert not asked.done()
            limited.close()
        assert isinstance(asked.exception(timeout=30), ClientClosed)


def test_a_process_that_loses_the_folder_goes_on_alone_and_says_so(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(pool_of(folder, 2)) as pool, ThreadPoolExecutor(1) as thread:
        with pool.session():
            before = pool.shared_in
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()
            folder.touch()
            with pool.session():
                third = thread.submit(pool.session().__enter__)
                assert not third.done()
        assert isinstance(third.result(timeout=30), Session)
        assert (before, pool.shared_in, pool.peak) == (folder, None, 2)
    (said,) = caplog.messages
    assert said.startswith(f"The slots of this host in {folder} cannot be used any more: ")
    assert "other programs of the host do not know" in said


def test_a_process_that_goes_on_alone_holds_nobody_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OSError("the disk is broken")

    with closing(pool_of(folder)) as pool:
        with monkeypatch.context() as broken:
            broken.setattr(LockFile, "read", fail)
            with pool.session():
                assert pool.shared_in is None
        with closing(pool_of(folder, longest_wait=30)) as another, another.session():
            assert another.shared_in == folder


def _last_of(order: list[int]) -> Callable[[int], int]:
    return lambda program: len(order) - 1 - order[::-1].index(program)
