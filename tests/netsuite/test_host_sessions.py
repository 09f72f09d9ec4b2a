"""The slots of an account as file locks of one host."""

import contextlib
import time as real_time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.host_sessions import HostSlots
from tap_netsuite_tba.netsuite.line import PASSED_OVER_AFTER
from tap_netsuite_tba.netsuite.sessions import COOLING_SECONDS
from tap_netsuite_tba.netsuite.slots import Slot
from tests.netsuite.conftest import Time
from tests.netsuite.holding import program_that_holds

Open = Callable[..., HostSlots]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run" / "1234567"


@pytest.fixture
def slots(folder: Path, time: Time) -> Open:
    """Those of one more program, on one host."""

    def slots(number: int = 3) -> HostSlots:
        return HostSlots(folder, number, monotonic=time.monotonic)

    return slots


def taken(slots: HostSlots) -> Slot:
    slot = slots.take()
    assert slot
    return slot


def all_of(slots: HostSlots) -> list[Slot]:
    """All that can be had."""
    found = []
    while slot := slots.take():
        found.append(slot)
    slots.step_back()
    return found


def test_programs_share_the_slots(slots: Open) -> None:
    first, second = slots(), slots()
    held = [taken(first), taken(first), taken(second)]
    assert first.take() is None
    first.step_back()
    assert second.take() is None
    held[0].give_back()
    assert second.take()


def test_a_program_that_uses_fewer_shares_the_first_ones_with_those_that_use_as_many(
    slots: Open,
) -> None:
    few, as_few, many = slots(2), slots(2), slots(5)
    assert len(all_of(few)) == 2
    assert not all_of(as_few)
    assert len(all_of(many)) == 3


def test_a_program_with_many_leaves_the_first_ones_for_last(slots: Open) -> None:
    many, few = slots(5), slots(2)
    for _ in range(3):
        taken(many)
    assert len(all_of(few)) == 2


@pytest.mark.parametrize("rest", [0, COOLING_SECONDS])
def test_one_who_waits_for_the_first_slot_keeps_no_other_from_those_behind_it(
    slots: Open, time: Time, rest: float
) -> None:
    holds, few, many = slots(1), slots(1), slots(5)
    held = taken(holds)
    held.begin(time.now, time.now + 60)
    if rest:
        held.give_back(time.now + rest)
    assert few.take() is None
    assert len(all_of(many)) == 4
    assert few.take() is None


def test_one_who_waits_for_the_first_slot_has_it_before_those_behind_it(slots: Open) -> None:
    many, few = slots(5), slots(1)
    *_, first_slot = all_of(many)
    assert few.take() is None
    assert many.take() is None
    first_slot.give_back()
    assert many.take() is None
    assert few.take()
    assert many.take() is None


def test_a_program_that_is_suspended_in_line_holds_others_up_for_some_seconds(
    slots: Open, time: Time
) -> None:
    holds, suspended, waits = slots(1), slots(1), slots(1)
    held = taken(holds)
    assert suspended.take() is None
    held.give_back()
    assert waits.take() is None
    time.now += PASSED_OVER_AFTER
    taken(waits).give_back()
    assert suspended.take()


def test_a_slot_is_free_again_at_once_after_an_answer(slots: Open, time: Time) -> None:
    for _ in range(3):
        slot = taken(slots(1))
        slot.begin(time.now, time.now + 60)
        slot.give_back()


def test_a_slot_whose_request_was_given_up_cools_for_all_programs(slots: Open, time: Time) -> None:
    first, second = slots(1), slots(1)
    slot, began = taken(first), time.now
    slot.begin(began, began + 60)
    time.now += 300
    slot.give_back(began + COOLING_SECONDS)
    assert not all_of(first)
    assert not all_of(second)
    time.now = began + COOLING_SECONDS - 1
    assert not all_of(second)
    time.now += 1
    taken(second).give_back()
    taken(first)


def test_a_killed_program_frees_its_slots_at_once_but_those_with_a_request_in_flight_cool(
    folder: Path,
) -> None:
    ahead = [0.0]
    slots = HostSlots(folder, 5, monotonic=lambda: real_time.monotonic() + ahead[0])
    with (
        program_that_holds(folder, taken=2, of=5, seconds=300) as killed,
        program_that_holds(folder, taken=2, of=5, seconds=0) as killed_before_it_sent,
    ):
        assert len(all_of(slots)) == 1
        killed_before_it_sent.kill()
        killed_before_it_sent.wait()
        assert len(all_of(slots)) == 2
        killed.kill()
        killed.wait()
        assert not all_of(slots)
        assert [holder.pid for holder in slots.holders()] == [killed.pid] * 2
        ahead[0] = 301
        assert len(all_of(slots)) == 2


def test_a_killed_program_gives_up_its_place_in_line(folder: Path) -> None:
    held = taken(HostSlots(folder, 1))
    with program_that_holds(folder, taken=1, of=1, seconds=0) as killed:
        now = real_time.monotonic()
        waits = HostSlots(folder, 1, monotonic=lambda: now)
        assert waits.take() is None  # The killed one is before it, at the front.
        held.give_back()
        assert waits.take() is None
        killed.kill()
        killed.wait()
        assert waits.take()


@pytest.mark.parametrize(
    ("began", "until"),
    [(5000.0, 5060.0), (999.0, 999_999.0), (float("nan"), 1100.0), (900.0, float("inf"))],
)
def test_what_cannot_be_true_since_the_host_has_started_is_not_believed(
    slots: Open, began: float, until: float
) -> None:
    slot = taken(slots(1))
    slot.begin(began, until)
    slot.give_back(until)
    taken(slots(1))


@given(content=st.binary(max_size=60))
def test_a_file_with_anything_in_it_ends_no_run(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any") / "1234567"
    with contextlib.closing(HostSlots(folder, 1)) as slots:
        (folder / "slot-1").write_bytes(content)
        assert slots.take()


def test_what_others_hold_is_known(slots: Open, time: Time) -> None:
    looks, holds, left = slots(5), slots(5), slots(5)
    taken(looks)
    in_flight, given_up = taken(holds), taken(left)
    taken(holds)
    in_flight.begin(time.now - 7, time.now + 60)
    given_up.begin(time.now - 10, time.now + 60)
    given_up.give_back(time.now + 20)
    found = looks.holders()
    assert [(holder.seconds, holder.cools_for) for holder in found] == [
        (7, None),
        (10, 20),
        (None, None),
    ]
    assert found[0].pid == found[1].pid
    assert found[2].pid is None
    assert len(all_of(looks)) == 1


def test_one_who_has_sent_nothing_is_not_taken_for_the_one_before(slots: Open, time: Time) -> None:
    slot = taken(slots(1))
    slot.begin(time.now, time.now + 5)
    slot.give_back(time.now + 5)
    time.now += 5
    taken(slots(1))
    assert [holder.pid for holder in slots(1).holders()] == [None]


def test_who_holds_all_does_not_stand_in_line(slots: Open) -> None:
    first, second = slots(1), slots(2)
    taken(first)
    assert first.take() is None
    assert first.until_next_try() is None
    assert second.take()


def test_tries_become_rarer_as_a_wait_gets_longer(slots: Open, time: Time) -> None:
    holds, waits = slots(1), slots(1)
    taken(holds)
    pauses = []
    for _ in range(4):
        assert waits.take() is None
        pauses.append(waits.until_next_try())
        time.now += 0.2
    assert pauses == pytest.approx([0.002, 0.2 / 16, 0.4 / 16, 0.6 / 16])
    time.now += 1000
    assert waits.until_next_try() == 0.05


def test_files_that_are_removed_meanwhile_are_made_anew_for_all(folder: Path, slots: Open) -> None:
    first, second = slots(), slots()
    for slot in (*all_of(first), *all_of(second)):
        slot.give_back()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert len(all_of(second)) == 3
    assert not all_of(first)


def test_closed_slots_are_free_for_others_but_not_those_in_use(slots: Open) -> None:
    first, second = slots(), slots()
    held = taken(first)
    first.close()
    assert len(all_of(second)) == 2
    held.give_back()
    taken(second)


def test_who_waits_and_is_closed_holds_nobody_up(slots: Open) -> None:
    holds, waits, next_one = slots(1), slots(1), slots(1)
    held = taken(holds)
    assert waits.take() is None
    waits.close()
    held.give_back()
    assert next_one.take()
