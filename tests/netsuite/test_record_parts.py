"""What a document lacks is asked for, and nothing else."""

import math
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.errors import (
    MalformedResponse,
    NetSuiteError,
    NotFound,
    PermissionDenied,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.netsuite.record_parts import Parts

ADDRESS = "/services/rest/record/v1/salesorder/5"
HOST = "https://1234567.suitetalk.api.example"


def self_link(path: str, host: str = HOST) -> list[dict[str, str]]:
    return [{"rel": "self", "href": f"{host}{path}"}]


class Sublist:
    """A sublist that NetSuite gives by pages, in one of the ways in which it may tell of the next.

    Attributes:
        asked: The queries of the pages behind the first.
    """

    def __init__(self, lines: int, page: int, way: str, path: str = f"{ADDRESS}/item") -> None:
        self.lines, self._page, self._way, self._path = lines, page, way, path
        self.asked: list[dict[str, str]] = []

    def part(self, offset: int, limit: int) -> Document:
        rows = range(offset, min(offset + limit, self.lines))
        items = [{"links": self_link(f"{self._path}/{n}"), "line": n} for n in rows]
        end = offset + len(items)
        is_more = end < self.lines
        links = self_link(self._path)
        shown: Document = {"links": links, "items": items}
        if self._way == "next" and is_more:
            # The last one's offset is wrong, as NetSuite's was.
            query = f"limit={limit}&offset={end}"
            links.append({"rel": "next", "href": f"http://other.example{self._path}?{query}"})
            links.append({"rel": "last", "href": f"{HOST}{self._path}?limit={limit}&offset=0"})
        if self._way == "hasMore":
            shown |= {"count": len(items), "offset": offset, "hasMore": is_more}
        if self._way == "totalResults":
            shown["totalResults"] = self.lines
        return shown

    def document(self) -> Document:
        return {"id": "5", "item": self.part(0, self._page)}

    def ask(self, address: str) -> Document:
        place = urlsplit(address)
        assert place.netloc == ""
        assert place.path == self._path
        query = {name: value for name, [value] in parse_qs(place.query).items()}
        assert query.pop("expandSubResources") == "true"
        self.asked.append(query)
        limit, offset = int(query["limit"]), int(query["offset"])
        assert offset % limit == 0
        assert 1 <= limit <= 1000
        return self.part(offset, min(limit, self._page) if self._way == "next" else limit)


WAYS = ["next", "hasMore", "totalResults"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("lines", "page"), [(5000, 1000), (1001, 1000), (7, 3), (3, 1)])
def test_a_long_sublist_is_read_to_its_end(lines: int, page: int, way: str) -> None:
    sublist = Sublist(lines, page, way)
    item = Parts(sublist.ask, ADDRESS).completed(sublist.document())["item"]
    assert [line["line"] for line in item["items"]] == [*range(lines)]
    # As it would have come in one piece, whatever told of more.
    assert item.keys() == {"links", "items", "totalResults"}
    assert item["totalResults"] == lines
    assert len(sublist.asked) <= math.ceil(lines / page)


def test_a_long_multi_select_keeps_its_numbers_and_they_are_true() -> None:
    chosen = [{"links": self_link(f"/services/rest/record/v1/item/{n}"), "id": n} for n in range(3)]
    first = {"count": 2, "hasMore": True, "items": chosen[:2], "offset": 0, "totalResults": 3}
    whole = {"count": 3, "hasMore": False, "items": chosen, "offset": 0, "totalResults": 3}
    done = Parts(lambda _: whole, ADDRESS).completed({"id": "5", "memberItem": first})
    assert done["memberItem"] == whole


def test_a_first_page_may_be_longer_than_any_that_can_be_asked_for() -> None:
    sublist = Sublist(2600, 1300, "hasMore")
    item = Parts(sublist.ask, ADDRESS).completed(sublist.document())["item"]
    assert [line["line"] for line in item["items"]] == [*range(2600)]


@given(lines=st.integers(0, 60), page=st.integers(1, 60), way=st.sampled_from(WAYS))
def test_whatever_its_pages_are_each_line_comes_once(lines: int, page: int, way: str) -> None:
    sublist = Sublist(lines, page, way)
    item = Parts(sublist.ask, ADDRESS).completed(sublist.document())["item"]
    assert [line["line"] for line in item["items"]] == [*range(lines)]
    assert bool(sublist.asked) is (lines > page)


def never(address: str) -> Document:
    raise AssertionError(f"{address} was asked for")


COMPLETE: dict[str, Any] = {
    "a reference": {"links": self_link("/services/rest/record/v1/currency/1"), "id": "1"},
    "an enumeration": {"links": [], "id": "E", "refName": "Billed"},
    "an empty sublist": {"links": self_link(f"{ADDRESS}/item"), "items": [], "totalResults": 0},
    "a multi-select": {
        "links": self_link(f"{ADDRESS}/subsidiary"),
        "count": 1,
        "hasMore": False,
        "items": [{"links": self_link("/services/rest/record/v1/subsidiary/1"), "id": "1"}],
        "offset": 0,
        "totalResults": 1,
    },
    "a link to a part of another": {"links": self_link("/services/rest/record/v1/customer/9/a")},
    "a field that pages have": {"hasMore": True, "id": "1"},
    "a subrecord with a total of its own": {
        "links": self_link(f"{ADDRESS}/sums"),
        "id": "1",
        "totalResults": 7,
    },
    "a link to itself": {"links": self_link(ADDRESS)},
    "a link to one whose id begins alike": {"links": self_link(f"{ADDRESS}7/item")},
    "no link": {"links": []},
    "odd links": {"links": ["x", {"rel": "self"}, {"rel": "self", "href": None}]},
    "a list of texts": ["a", "b"],
    "fewer in all than came": {"items": [{"line": 1}, {"line": 2}], "totalResults": 1},
    "a subrecord": {"links": self_link(f"{ADDRESS}/address"), "city": "Graz"},
}


@pytest.mark.parametrize("value", COMPLETE.values(), ids=COMPLETE)
def test_for_what_is_complete_nothing_is_asked(value: object) -> None:
    document = {"id": "5", "one": value, "lines": {"items": [{"one": value}]}}
    parts = Parts(never, ADDRESS)
    assert parts.completed(document) == document
    assert parts.asked == 0


def test_a_part_that_came_as_a_link_is_asked_for_and_what_that_lacks_too() -> None:
    book, address = f"{ADDRESS}/addressBook", f"{ADDRESS}/addressBook/39/address"
    answers: dict[str, Document] = {
        book: {"items": [{"links": self_link(f"{book}/39")}], "totalResults": 1},
        f"{book}/39": {"id": 39, "address": {"links": self_link(address)}},
        address: {"city": "Graz"},
    }
    parts = Parts(lambda asked: answers[asked.partition("?")[0]], ADDRESS)
    done = parts.completed({"id": "5", "addressBook": {"links": self_link(book)}})
    [line] = done["addressBook"]["items"]
    assert (line["id"], line["address"]["city"]) == (39, "Graz")
    assert parts.asked == 3


def test_links_may_write_the_record_type_in_another_way() -> None:
    sublist = Sublist(3, 2, "hasMore", path=f"{ADDRESS}/item")
    document = sublist.document()
    document["item"]["links"] = self_link(f"{ADDRESS}/item".replace("salesorder", "salesOrder"))
    item = Parts(sublist.ask, ADDRESS).completed(document)["item"]
    assert len(item["items"]) == 3


def test_a_sublist_without_links_is_where_its_name_says() -> None:
    sublist = Sublist(3, 2, "totalResults")
    document = sublist.document()
    del document["item"]["links"]
    assert len(Parts(sublist.ask, ADDRESS).completed(document)["item"]["items"]) == 3


def test_what_is_nowhere_stays_a_link() -> None:
    def ask(_address: str) -> Document:
        raise NotFound("nothing there", status=404)

    document = {"id": "5", "note": {"links": self_link(f"{ADDRESS}/note")}}
    parts = Parts(ask, ADDRESS)
    assert parts.completed(document) == document
    # It was asked for: the record may be gone as well.
    assert (parts.asked, parts.failed) == (1, {})


REFUSALS = {
    "permission": PermissionDenied("no", status=403),
    "method": RequestRefused("no", status=405),
    "fault": RetriesExhausted(ServerFault("unexpected", status=500), seconds=3),
    "time": TimedOut("not a byte for 300 s"),
}


@pytest.mark.parametrize("error", REFUSALS.values(), ids=REFUSALS)
def test_a_part_that_cannot_be_had_stays_a_link_and_is_named_and_asked_for_once(
    error: NetSuiteError,
) -> None:
    asked: list[str] = []

    def ask(address: str) -> Document:
        asked.append(address)
        raise error

    lines = [{"detail": {"links": self_link(f"{ADDRESS}/item/{n}/detail")}} for n in (1, 2)]
    document = {"id": "5", "item": {"items": lines, "totalResults": 2}}
    parts = Parts(ask, ADDRESS)
    assert parts.completed(document) == document
    assert parts.failed == {"item/detail": error}
    assert (len(asked), parts.asked) == (1, 0)


def test_a_sublist_whose_later_page_is_refused_is_not_cut_in_silence() -> None:
    def ask(_address: str) -> Document:
        raise PermissionDenied("no", status=403, code="INSUFFICIENT_PERMISSION")

    with pytest.raises(RequestRefused, match="the rest of the part item is refused: no") as raised:
        Parts(ask, ADDRESS).completed(Sublist(9, 2, "hasMore").document())
    assert (raised.value.status, raised.value.code) == (403, "INSUFFICIENT_PERMISSION")


@pytest.mark.parametrize("value", ["member", "row"])
def test_a_reference_of_mere_links_gets_the_id_to_which_they_lead(value: str) -> None:
    links = self_link("/services/rest/record/v1/customer/-9")
    bare, told = {"links": links}, {"links": links, "id": "-9"}
    one = {"member": bare} if value == "member" else {"items": [bare], "totalResults": 1}
    done = Parts(never, ADDRESS).completed({"id": "5", "one": one})["one"]
    assert (done["member"] if value == "member" else done["items"][0]) == told


def test_a_cut_sublist_within_a_line_without_address_is_told_of() -> None:
    lots = {"items": [{"quantity": 1}], "totalResults": 3}
    document = {"id": "5", "item": {"items": [{"line": 1, "lots": lots}], "totalResults": 1}}
    with pytest.raises(RequestRefused, match="has 1 rows of 3, and nothing says where"):
        Parts(never, ADDRESS).completed(document)


def test_a_cut_sublist_is_where_its_link_or_the_link_of_its_line_says() -> None:
    asked: list[str] = []

    def ask(address: str) -> Document:
        asked.append(urlsplit(address).path)
        return {"items": [{"quantity": 1}, {"quantity": 2}], "totalResults": 2}

    cut = {"items": [{"quantity": 1}], "totalResults": 2}
    line = {"links": self_link(f"{ADDRESS}/item/3"), "lots": cut}
    document = {
        "id": "5",
        "addressbook": cut | {"links": self_link(f"{ADDRESS}/addressBook")},
        "item": {"items": [line], "totalResults": 1},
    }
    done = Parts(ask, ADDRESS).completed(document)
    assert len(done["item"]["items"][0]["lots"]["items"]) == 2
    assert asked == [f"{ADDRESS}/addressBook", f"{ADDRESS}/item/3/lots"]


def test_a_part_that_is_only_a_link_to_itself_ends_the_asking() -> None:
    note = {"links": self_link(f"{ADDRESS}/note")}
    parts = Parts(lambda _: note, ADDRESS)
    assert parts.completed({"id": "5", "note": note})["note"] == note
    assert parts.asked == 1


def test_parts_that_lead_to_each_other_are_asked_for_once() -> None:
    answers: dict[str, Document] = {
        f"{ADDRESS}/a": {"b": {"links": self_link(f"{ADDRESS}/b")}},
        f"{ADDRESS}/b": {"a": {"links": self_link(f"{ADDRESS}/a")}, "note": "x"},
    }
    parts = Parts(lambda asked: answers[asked.partition("?")[0]], ADDRESS)
    done = parts.completed({"id": "5", "a": {"links": self_link(f"{ADDRESS}/a")}})
    assert done["a"]["b"]["note"] == "x"
    assert parts.asked == 2


CONTRADICTIONS = {
    "more behind no row": {"items": [], "hasMore": True},
    "the first page again": Sublist(9, 2, "hasMore").part(0, 2),
}


@pytest.mark.parametrize("page", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_pages_that_contradict_each_other_are_not_joined(page: Document) -> None:
    with pytest.raises(MalformedResponse, match="contradict each other"):
        Parts(lambda _: page, ADDRESS).completed(Sublist(9, 2, "hasMore").document())


def test_a_total_that_no_page_bears_out_is_told() -> None:
    document = {"id": "5", "item": {"items": [{"line": 1}], "totalResults": 2}}
    parts = Parts(lambda _: {"items": [], "totalResults": 2}, ADDRESS)
    done = parts.completed(document)
    assert done["item"] == {"items": [{"line": 1}], "totalResults": 1}
    assert parts.short == {"item": "1 rows, though NetSuite counts 1 more"}
