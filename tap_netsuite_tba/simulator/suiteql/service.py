"""The service ``/services/rest/query/v1/suiteql``: what it asks of a request, what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from tap_netsuite_tba.simulator.envelope import asked_place, check_reach, collection
from tap_netsuite_tba.simulator.errors import bad_request, method_not_allowed
from tap_netsuite_tba.simulator.exchange import Answer, Request, Work, resource_type
from tap_netsuite_tba.simulator.suiteql.engine import Engine
from tap_netsuite_tba.simulator.suiteql.pages import Rows
from tap_netsuite_tba.simulator.switches import Switches

PATH = "/services/rest/query/v1/suiteql"


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
        place = asked_place(request, PATH)
        text, parameters = _query(request)
        check_reach(place, self.switches)
        if place.is_beyond:
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
