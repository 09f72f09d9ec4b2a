"""The service ``/services/rest/query/v1/suiteql``: what it asks of a request, what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from tap_netsuite_tba.simulator.envelope import Place, collection
from tap_netsuite_tba.simulator.errors import bad_request, method_not_allowed
from tap_netsuite_tba.simulator.exchange import Answer, Request, Work, resource_type
from tap_netsuite_tba.simulator.suiteql.engine import Engine
from tap_netsuite_tba.simulator.suiteql.pages import Rows
from tap_netsuite_tba.simulator.switches import Switches

PATH = "/services/rest/query/v1/suiteql"
_LARGEST_LIMIT = 1000
_MOST_DIGITS = 9


@dataclass(frozen=True)
class SuiteQLService:
    """Answers queries, a page at a time."""

    engine: Engine
    switches: Switches

    def answer(self, request: Request) -> Answer:
        """Answer one request.

        Raises:
            Refusal: in NetSuite's words.
        """
        if request.method != "POST":
            raise method_not_allowed(request.method)
        _check_prefer(request)
        place = _place(request)
        text, parameters = _query(request)
        if place.is_beyond:
            if self.switches.past_ceiling == "refused":
                raise bad_request("Invalid offset: no row can be reached.", parameter="offset")
            rows = self.engine.rows(text, parameters, 0, 0)
            rows = Rows([], rows.total)
        else:
            count = min(place.limit, place.reachable - place.offset)
            rows = self.engine.rows(text, parameters, place.offset, count)
        body = collection(place, rows.items, rows.total, self.switches)
        headers = {"preference-applied": "transient"}
        work = Work(len(rows.items), rows.total, place.offset)
        return Answer(200, resource_type("collection"), body, headers, work)


def _check_prefer(request: Request) -> None:
    preferences = {part.strip().lower() for part in request.headers.get("prefer", "").split(",")}
    if "transient" not in preferences:
        raise bad_request(
            "Required header 'Prefer' is missing or invalid. Provide 'Prefer: transient'.",
            "INVALID_REQUEST",
            header="Prefer",
        )


def _place(request: Request) -> Place:
    limit = _number(request, "limit", _LARGEST_LIMIT)
    if not 1 <= limit <= _LARGEST_LIMIT:
        detail = f"Invalid limit {limit}. Provide a number from 1 to {_LARGEST_LIMIT}."
        raise bad_request(detail, parameter="limit")
    offset = _number(request, "offset", 0)
    if offset % limit:
        detail = f"Invalid offset {offset}. It has to be divisible by the limit {limit}."
        raise bad_request(detail, parameter="offset")
    root = request.root
    return Place(root + PATH, root + request.target, limit, offset)


def _number(request: Request, name: str, default: int) -> int:
    text = request.parameters.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise bad_request(f"Invalid value '{text}' of parameter '{name}'.", parameter=name)
    return int(text)


def _query(request: Request) -> tuple[str, Sequence[object]]:
    try:
        body = request.json
    except (ValueError, RecursionError) as error:
        raise _no_query() from error
    text = body.get("q") if isinstance(body, dict) else None
    parameters = body.get("params", []) if isinstance(body, dict) else []
    if not isinstance(text, str) or not text.strip() or not isinstance(parameters, list):
        raise _no_query()
    return text, parameters


def _no_query() -> Exception:
    return bad_request(
        "The request body is invalid. Provide a JSON object with the query in 'q'.",
        "INVALID_CONTENT",
    )
