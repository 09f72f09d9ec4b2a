"""The benchmarks run and print what they say; what they reckon is right."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import plot
from benchmarks.__main__ import SUBJECTS
from benchmarks.account import Asked, Kind, kind_of
from benchmarks.large import Pair, outliers
from benchmarks.linear import off_the_line
from benchmarks.runs import Run, in_turn
from benchmarks.sessions import lanes, sessions
from benchmarks.small import needed
from benchmarks.tables import Made
from tap_netsuite_tba.netsuite.deletion_log import select_deleted_types
from tap_netsuite_tba.netsuite.suiteql import (
    Since,
    select_count,
    select_extent,
    select_page_ends,
    select_rows,
    select_unchanged_count,
)

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def first_cells(printed: str) -> list[str]:
    """The first cell of each line of all tables but their heads."""
    lines = re.sub(r"^\|.*\n\|---.*\n", "", printed, flags=re.MULTILINE).splitlines()
    return [line.split("|")[1].strip() for line in lines if line.startswith("|")]


@pytest.mark.parametrize(
    ("name", "headline", "cells"),
    [
        ("large", r"\*\*[\d.]+ times\*\* the bare client's wall", ["1", "1"]),
        pytest.param(
            "small",
            r"\*\*[\d.]+ times\*\* the limit",
            ["1"] * 4,
            marks=pytest.mark.long,
        ),
        pytest.param(
            "linear",
            r"\*\*[+-][\d.]+%\*\* requests and \*\*[+-][\d.]+%\*\* time off the straight line",
            ["500", "1,500", "3,000"],
            marks=pytest.mark.long,
        ),
        pytest.param(
            "nothing_new",
            r"\*\*[\d.]+ times\*\* the limit of [\d.]+ s",
            ["1", "1"],
            marks=pytest.mark.long,
        ),
        pytest.param(
            "churn",
            r"\*\*[\d.]+ times\*\* the time at rest",
            ["1", "1"],
            marks=pytest.mark.long,
        ),
        pytest.param(
            "rows",
            r"\*\*[\d.]+ times\*\* the bare loop at 60 columns",
            [
                "60 columns",
                "25 columns",
                "60 columns, a stream map",
                "60 columns, the SDK's `_write_record_message`",
            ],
            marks=pytest.mark.long,
        ),
        pytest.param("memory", r"\*\*\d+ MB\*\* at most", ["25"] * 4, marks=pytest.mark.long),
        pytest.param(
            "discovery", r"most requests in flight: 5", ["cold", "warm"], marks=pytest.mark.long
        ),
        pytest.param(
            "documents",
            r"\*\*[\d.]+ times\*\* the rate of one request at a time",
            ["1"],
            marks=pytest.mark.long,
        ),
        ("host_pool", r"\*\*\d+ µs\*\* a request", ["process", "host"]),
    ],
)
def test_a_benchmark_prints_its_figure_and_the_runs_behind_it(
    name: str, headline: str, cells: list[str]
) -> None:
    done = run("--size", "tiny", name)
    assert done.returncode == 0, done.stderr
    assert f"## {SUBJECTS[name]}\n" in done.stdout
    assert re.search(headline, done.stdout), done.stdout
    assert re.search(r"^Goal: .+: \*\*(reached|missed)\*\*\.$", done.stdout, re.MULTILINE)
    assert first_cells(done.stdout) == cells


def test_a_name_that_no_benchmark_has_is_refused_with_those_that_there_are() -> None:
    done = run("lrage")
    assert done.returncode == 2
    assert f"no benchmark lrage; there are {', '.join(SUBJECTS)}" in done.stderr


def test_each_name_is_a_module_of_its_own() -> None:
    for name in SUBJECTS:
        assert (ROOT / "benchmarks" / f"{name}.py").is_file(), name


TABLE = Made("customrecord_a", 10).table
NOW = datetime(2026, 1, 1, tzinfo=UTC)
NEW = Since(NOW, known_key=(7,))


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        (select_rows(TABLE, TABLE.columns), Kind.FIRST),
        (select_rows(TABLE, TABLE.columns, since=NEW), Kind.FIRST),
        (select_rows(TABLE, TABLE.columns, after=(-3,)), Kind.RANGE),
        (select_rows(TABLE, TABLE.columns, after=(3,), up_to=(9,), since=NEW), Kind.RANGE),
        (select_page_ends(TABLE, after=(3,), pages=16, step=990), Kind.PLAN),
        (select_count(TABLE, up_to=(3,)), Kind.COUNT),
        (select_extent(TABLE), Kind.COUNT),
        (select_unchanged_count(TABLE, NOW, since=None, highest=(9,)), Kind.COUNT),
        (select_deleted_types(NOW), Kind.OTHER),
        ("SELECT t.id FROM customfield t ORDER BY t.id ASC", Kind.OTHER),
        ("SELECT 'customfield' AS name, COUNT(*) AS n FROM customfield t", Kind.OTHER),
    ],
)
def test_what_the_tap_asks_for_is_told_by_its_query(query: str, kind: Kind) -> None:
    assert kind_of(query) is kind


def asked(*times: tuple[float, float]) -> tuple[Asked, ...]:
    return tuple(Asked(Kind.RANGE, "t", began, ended) for began, ended in times)


FIVE = ((1.0, 3.0),) * 5


def test_the_time_of_a_run_is_shared_out_and_its_parts_add_up() -> None:
    found = sessions(asked((0.0, 1.0), *FIVE, (4.0, 5.0), *((5.0, 6.0),) * 5), ended=8.0)
    assert found.idle_first == pytest.approx(0.8)
    assert found.idle_between == pytest.approx(1 + 0.8)
    assert found.idle_last == pytest.approx(2)
    assert found.busy == pytest.approx((1 + 10 + 1 + 5) / 5)
    assert found.utilisation == pytest.approx(found.busy / 8)
    assert (found.median, found.longest.seconds, found.slow) == (1, 2, 5)


def test_a_run_that_never_had_five_requests_at_once_was_idle_at_first() -> None:
    found = sessions(asked((0.0, 1.0), (0.0, 2.0)), ended=2.0)
    assert found.idle_first == pytest.approx(1.4)
    assert (found.idle_between, found.idle_last) == (0, 0)


def test_a_request_is_drawn_in_the_first_session_that_is_free() -> None:
    first, second, third, fourth = asked((0.0, 2.0), (0.5, 1.0), (1.0, 3.0), (1.5, 2.5))
    assert lanes([first, second, third, fourth]) == [[first], [second, third], [fourth], [], []]


def test_of_six_at_once_the_sixth_is_drawn_where_one_ends_soonest() -> None:
    *five, sixth = asked(*((0.0, 3.0),) * 4, (0.0, 2.0), (1.9, 4.0))
    assert lanes([*five, sixth])[-1] == [five[-1], sixth]


def test_what_grows_in_a_straight_line_is_not_off_it() -> None:
    assert off_the_line((10, 100, 1000), (3.0, 12.0, 102.0)) == pytest.approx(0)
    assert off_the_line((10, 100, 1000), (3.0, 12.0, 204.0)) == pytest.approx(1)


def test_tables_need_a_request_for_each_page_and_a_little_more_where_they_are_large() -> None:
    assert needed([Made("a", 1), Made("b", 100), Made("c", 20_000)]) == pytest.approx(2 + 20.6)


def test_the_limit_is_reckoned_from_the_median_request_of_the_run() -> None:
    run = Run(0.0, 9.0, cpu=1.0, asked=asked((0.0, 1.0), (0.0, 2.0), (2.0, 9.0)))
    assert run.at_best(40) == pytest.approx(40 * 2 / 5)


@pytest.mark.parametrize(("place", "order"), [(0, ["one", "other"]), (1, ["other", "one"])])
def test_two_clients_take_turns_and_so_does_who_begins(place: int, order: list[str]) -> None:
    runs, began = {"one": a_run(), "other": a_run()}, list[str]()

    def begun(name: str) -> Run:
        began.append(name)
        return runs[name]

    found = in_turn(place, lambda: begun("one"), lambda: begun("other"))
    assert began == order
    assert found[0] is runs["one"]
    assert found[1] is runs["other"]


def a_run(began: float = 0.0, start_up: float = 0.0, slower: float = 0.0) -> Run:
    """Ten seconds of five busy sessions, but for what makes it longer."""
    first = began + start_up
    last = first + 10 + slower
    return Run(began, last, cpu=1.0, asked=asked(*((first, last),) * 5))


def test_a_pair_that_deviates_is_explained_by_what_took_longer() -> None:
    usual, slow = Pair(a_run(), a_run()), Pair(a_run(), a_run(start_up=0.5, slower=2.0))
    [sentence] = outliers([usual, slow, usual])
    assert sentence == (
        "Pair 2 is at 1.250 and the median one at 1.000; compared with that: "
        "the tap's start-up +0.50 s, the tap's requests +2.00 s. A quarter above the median, or "
        "more, took 0 of 5 requests of the tap's and 0 of 5 of the bare client's. The longest took "
        "12.000 s of the tap's (range) and 10.000 s of the bare client's (range); in the median "
        "pair 10.000 s of the tap's (range) and 10.000 s of the bare client's (range)."
    )


def test_pairs_that_are_alike_need_no_explanation() -> None:
    assert outliers([Pair(a_run(), a_run(slower=each)) for each in (0.1, 0.2, 0.3)]) == []


def test_a_picture_has_a_bar_for_each_request_in_the_colour_of_its_kind(tmp_path: Path) -> None:
    one = Asked(Kind.PLAN, "t", 0.5, 1.0)
    runs = {"Rows & <pages>": a_run(), "Another": Run(0.0, 2.0, 0.0, (one,))}
    plot.draw(tmp_path / "images" / "a.svg", runs)
    drawn = (tmp_path / "images" / "a.svg").read_text(encoding="utf-8")
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[:3] == ["plan", "range", "Rows & <pages>"]
    assert drawn.count(plot.COLOURS[Kind.RANGE]) == 5 + 1
    assert drawn.count(plot.COLOURS[Kind.PLAN]) == 1 + 1
    assert plot.COLOURS[Kind.FIRST] not in drawn
