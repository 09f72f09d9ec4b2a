"""The rows of a collection, whatever its pages say."""

from typing import Any

import pytest

from tap_netsuite_tba.netsuite import record_pages
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    MalformedResponse,
    NotFound,
    RequestRefused,
)
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.netsuite.record_pages import all_rows, is_cut


class Colours:
    """Rows without links, by pages.

    Args:
        count: How many there are.
        longest: How many a page has at most, whatever is asked for.
        is_deaf: Whether offsets are ignored.

    Attributes:
        asked: What was asked for, limit and offset.
    """

    def __init__(self, count: int, longest: int = 1000, *, is_deaf: bool = False) -> None:
        self._count = count
        self._longest = longest
        self._is_deaf = is_deaf
        self.asked: list[tuple[int, int]] = []

    def ask(self, query: dict[str, str]) -> Document:
        limit, offset = int(query["limit"]), int(query["offset"])
        self.asked.append((limit, offset))
        assert offset % limit == 0
        return self.page(0 if self._is_deaf else offset, limit)

    def page(self, offset: int, limit: int) -> Document:
        end = min(offset + min(limit, self._longest), self._count)
        rows = [{"id": str(n)} for n in range(offset, end)]
        return {"items": rows, "hasMore": end < self._count, "totalResults": self._count}


@pytest.mark.parametrize(
    ("count", "shown", "longest", "requests"),
    [(5000, 3, 1000, 5), (1500, 1001, 1000, 2), (2500, 1000, 1000, 2), (9, 2, 2, 5), (9, 4, 3, 3)],
)
def test_a_first_page_of_odd_size_costs_no_more_than_full_pages(
    count: int, shown: int, longest: int, requests: int
) -> None:
    colours = Colours(count, longest)
    first = Colours(count, shown).page(0, shown)
    rows, _ = all_rows(first, colours.ask, "colours")
    assert [row["id"] for row in rows] == [str(n) for n in range(count)]
    assert len(colours.asked) == requests


@pytest.mark.parametrize(("longest", "requests"), [(2, 2), (1000, 1)])
def test_an_address_that_ignores_offsets_is_not_asked_for_ever(longest: int, requests: int) -> None:
    colours = Colours(4 * longest, longest, is_deaf=True)
    with pytest.raises(MalformedResponse, match=f"row {longest + 1} is one that came before"):
        all_rows(colours.page(0, longest), colours.ask, "colours")
    assert len(colours.asked) == requests


def test_what_netsuite_counts_is_all_though_it_says_for_ever_that_more_follow() -> None:
    page: Document = {"items": [{"id": "1"}, {"id": "2"}], "hasMore": True, "totalResults": 2}
    assert all_rows(page, lambda _: page, "colours") == (page["items"], 0)


def next_to(offset: int) -> list[dict[str, str]]:
    return [{"rel": "next", "href": f"https://1.example/colours?limit=1&offset={offset}"}]


CONTRADICTIONS: dict[str, list[Any]] = {
    "a link that leads back": [{"items": [{"n": 2}], "links": next_to(1)}],
    "a page that is gone": [NotFound("nothing there", status=404)],
}


@pytest.mark.parametrize("answers", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_pages_that_contradict_each_other_are_not_joined(answers: list[Any]) -> None:
    left = iter(answers)

    def ask(_query: dict[str, str]) -> Document:
        answer = next(left)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, dict)
        return answer

    first = {"items": [{"n": 1}], "links": next_to(1)}
    with pytest.raises(MalformedResponse, match="contradict each other"):
        all_rows(first, ask, "colours")


def test_rows_that_netsuite_does_not_count_are_read_as_long_as_more_follow() -> None:
    """What it counts ends at a thousand times the limit."""
    colours = Colours(9, 3)

    def ask(query: dict[str, str]) -> Document:
        return colours.ask(query) | {"totalResults": 4}

    rows, lacking = all_rows(colours.page(0, 3) | {"totalResults": 4}, ask, "colours")
    assert [row["id"] for row in rows] == [str(n) for n in range(9)]
    assert lacking == 0


def test_pages_without_an_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_pages, "_MOST_PAGES", 20)

    def ask(query: dict[str, str]) -> Document:
        offset = int(query["offset"])
        return {"items": [{"n": offset}], "links": next_to(offset + 1)}

    with pytest.raises(MalformedResponse, match="they have no end behind 21 rows"):
        all_rows({"items": [{"n": 0}], "links": next_to(1)}, ask, "colours")


class Lying(Colours):
    """Colours of which more or fewer are counted than there are, and nothing else tells of more."""

    def __init__(self, count: int, counted: int, longest: int, *, is_deaf: bool = False) -> None:
        super().__init__(count, longest, is_deaf=is_deaf)
        self._counted = counted

    def page(self, offset: int, limit: int) -> Document:
        page = super().page(offset, limit)
        return {"items": page["items"], "totalResults": self._counted}


@pytest.mark.parametrize(
    ("shown", "longest", "requests"), [(9, 1000, 2), (3, 1000, 2), (3, 3, 4), (9, 3, 4)]
)
def test_one_row_more_that_is_only_counted_is_looked_for(
    shown: int, longest: int, requests: int
) -> None:
    colours = Lying(9, 10, longest)
    rows, lacking = all_rows(Lying(9, 10, 1000).page(0, shown), colours.ask, "colours")
    assert [row["id"] for row in rows] == [str(n) for n in range(9)]
    assert lacking == 1
    assert len(colours.asked) == requests


@pytest.mark.parametrize("lines", [43, 45, 50])
def test_so_it_is_behind_the_last_page_that_a_link_led_to(lines: int) -> None:
    asked: list[dict[str, str]] = []

    def page(query: dict[str, str]) -> Document:
        asked.append(query)
        offset, limit = int(query["offset"]), int(query["limit"])
        if offset % limit:
            raise RequestRefused("offset", status=400)
        rows = [{"id": str(n)} for n in range(offset, min(offset + limit, lines))]
        href = f"https://1.example/colours?limit={limit}&offset={offset + limit}"
        links = [{"rel": "next", "href": href}] if offset + limit < lines else []
        return {"items": rows, "totalResults": lines + 1, "links": links}

    rows, lacking = all_rows(page({"limit": "10", "offset": "0"}), page, "colours")
    assert ([int(row["id"]) for row in rows], lacking) == ([*range(lines)], 1)
    assert len(asked) == 6


@pytest.mark.parametrize("shown", [9, 3])
def test_so_it_is_at_an_address_that_ignores_offsets(shown: int) -> None:
    colours = Lying(9, 10, 1000, is_deaf=True)
    rows, lacking = all_rows(colours.page(0, shown), colours.ask, "colours")
    assert (len(rows), lacking, len(colours.asked)) == (9, 1, 2)


@pytest.mark.parametrize("shown", [3, 1000])
def test_rows_that_only_a_count_tells_of_behind_a_full_page_are_not_given_up(shown: int) -> None:
    colours = Lying(1000, 1001, 1000, is_deaf=True)
    with pytest.raises(MalformedResponse, match="row 1001 is one that came before"):
        all_rows(colours.page(0, shown), colours.ask, "colours")


def test_rows_that_are_counted_and_refused_are_not_given_up() -> None:
    def ask(_query: dict[str, str]) -> Document:
        raise RequestRefused("no", status=403)

    with pytest.raises(RequestRefused):
        all_rows({"items": [{"n": 1}], "totalResults": 2}, ask, "colours")


def test_what_is_refused_behind_all_rows_is_nothing() -> None:
    def ask(query: dict[str, str]) -> Document:
        if query["offset"] != "0":
            raise RequestRefused("offset", status=400)
        return first

    first: Document = {"items": [{"n": 1}, {"n": 2}], "totalResults": 3}
    assert all_rows(first, ask, "colours") == (first["items"], 1)


def test_a_login_that_is_refused_there_is() -> None:
    answers = iter([first := {"items": [{"n": 1}], "totalResults": 2}])

    def ask(_query: dict[str, str]) -> Document:
        for answer in answers:
            return answer
        raise LoginRefused("Invalid login attempt.", status=401)

    with pytest.raises(LoginRefused):
        all_rows(first, ask, "colours")


@pytest.mark.parametrize("last", [{"items": [{"n": 2}]}, {"items": [], "hasMore": True}])
def test_fewer_that_are_counted_than_come_do_no_harm(last: Document) -> None:
    first = {"items": [{"n": 1}], "links": next_to(1), "totalResults": 1}
    rows, lacking = all_rows(first, lambda _: last, "colours")
    assert len(rows) == 1 + len(last["items"])
    assert lacking == 0


def test_what_says_only_that_more_follow_is_no_collection_without_rows() -> None:
    page: Document = {"items": [], "hasMore": True}
    with pytest.raises(MalformedResponse, match="a page without rows says that more follow"):
        all_rows(page, lambda _: page, "colours")


def test_rows_that_came_are_not_forgotten_where_fewer_come_anew() -> None:
    first = {"items": [{"n": 1}, {"n": 2}], "hasMore": True}
    with pytest.raises(MalformedResponse, match="it had 2 rows, and then 1"):
        all_rows(first, lambda _: {"items": [{"n": 1}]}, "colours")


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ({"links": [], "totalResults": 7}, True),
        ({"items": [], "hasMore": True, "note": "x"}, True),
        ({"id": "1", "totalResults": 7}, False),
        ({"id": "1", "hasMore": True}, False),
        ({"items": "two", "id": "1", "totalResults": 7}, False),
    ],
)
def test_only_what_looks_like_a_collection_can_be_cut(value: Document, *, is_one: bool) -> None:
    assert is_cut(value, 0) is is_one
