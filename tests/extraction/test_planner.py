"""One question at a time, answered, refused, or too slow."""

from concurrent.futures import Future

import pytest

from tap_netsuite_tba.extraction import planner as planner_module
from tap_netsuite_tba.extraction.asking import PageEnds
from tap_netsuite_tba.extraction.plan import FIRST_HORIZON, Plan
from tap_netsuite_tba.extraction.planner import PATIENCE, Planner
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.netsuite.errors import QueryRefused
from tap_netsuite_tba.tables import KeyValue


class Questions:
    """Takes the questions of a planner, and answers them when it is told to."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.future = Future[PageEnds]()

    def ask(self, plan: Plan) -> Future[PageEnds]:
        self.plans.append(plan)
        self.future = Future()
        return self.future


@pytest.fixture
def questions() -> Questions:
    return Questions()


@pytest.fixture
def planner(questions: Questions) -> Planner:
    planner = Planner(questions.ask)
    planner.begin((5,))
    planner.ask()
    return planner


def test_nothing_is_asked_before_a_plan_begins(questions: Questions) -> None:
    planner = Planner(questions.ask)
    planner.ask()
    assert not planner.is_open
    assert questions.plans == []


def test_one_question_is_asked_at_a_time(planner: Planner, questions: Questions) -> None:
    planner.ask()
    assert questions.plans == [Plan((5,))]


def test_page_ends_become_ranges_until_all_are_known(
    planner: Planner, questions: Questions
) -> None:
    ends: list[KeyValue] = [(key,) for key in range(10, 10 + FIRST_HORIZON)]
    questions.future.set_result(PageEnds(ends, 0.1))
    assert planner.take_answer()[0] == Range((5,), (10,))
    planner.ask()
    assert questions.plans[-1].front == ends[-1]
    questions.future.set_result(PageEnds([(900,)], 0.1))
    assert planner.take_answer() == [Range(ends[-1], (900,)), Range((900,), None)]
    planner.ask()
    assert not planner.is_open
    assert len(questions.plans) == 2


def test_of_a_huge_table_the_first_question_is_bounded(questions: Questions) -> None:
    planner = Planner(questions.ask)
    planner.begin((5,), 100)
    planner.ask()
    assert questions.plans == [Plan((5,), width=100, is_huge=True)]


def test_a_question_that_is_refused_raises(planner: Planner, questions: Questions) -> None:
    questions.future.set_exception(QueryRefused("Invalid or unsupported search"))
    with pytest.raises(QueryRefused):
        planner.take_answer()
    assert planner.question is None


def test_what_is_given_up_is_what_has_not_been_planned(planner: Planner) -> None:
    assert planner.give_up() == [Range((5,), None)]
    assert planner.given_up
    assert planner.question is None
    assert not planner.is_open


def test_patience_ends_a_while_after_a_question_was_asked(
    planner: Planner, questions: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions.future.set_running_or_notify_cancel()
    assert 0 < planner.patience_left < PATIENCE
    monkeypatch.setattr(planner_module, "PATIENCE", 0)
    assert planner.patience_left < 0
    planner.give_up()
    monkeypatch.setattr(planner_module, "PATIENCE", 1)
    assert planner.patience_left == 1


def test_a_question_that_still_waits_for_a_worker_has_all_patience(planner: Planner) -> None:
    assert planner.patience_left == PATIENCE
