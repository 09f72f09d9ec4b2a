"""Services that NetSuite has and the simulator has not: their addresses are there and admit it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import unquote

from tap_netsuite_tba.simulator.account import Route
from tap_netsuite_tba.simulator.errors import no_record_type, not_found, not_imitated
from tap_netsuite_tba.simulator.exchange import Request
from tap_netsuite_tba.simulator.metadata.record_types import RecordTypes

_RECORDS = "/services/rest/record/v1/"
# What is at which addresses, and whether it is TBA in the header that opens them: a token service
# is asked by who has no token yet, and SOAP carries its login in the body.
_SERVICES = (
    ("datasets", "/services/rest/query/v1/dataset", True),
    ("datasets", "/services/rest/query/v1/dataset/", True),
    ("asynchronous jobs", "/services/rest/async/", True),
    ("RESTlets", "/app/site/hosting/restlet.nl", True),
    ("OAuth 2.0 services", "/services/rest/auth/oauth2/", False),
    ("SOAP web services", "/services/NetSuitePort_", False),
)


@dataclass(frozen=True)
class NotImitated:
    """Tells what NetSuite has from what nobody has.

    Attributes:
        record_types: those of the record service.
    """

    record_types: RecordTypes

    def routes(self) -> list[Route]:
        """Return where it is; of the record service, where the metadata catalog does not answer."""
        others = [Route(path, _refuse(name), login) for name, path, login in _SERVICES]
        return [Route(_RECORDS, self.answer), *others]

    def answer(self, request: Request) -> NoReturn:
        """Refuse a request to the record service.

        Raises:
            Refusal: a 404 in NetSuite's words for an unknown record type, else a 501 in ours.
        """
        name = unquote(request.path.removeprefix(_RECORDS).partition("/")[0])
        if not name:
            raise not_found(request.path)
        if self.record_types.is_known(name):
            raise not_imitated("record service", request.path)
        raise no_record_type(name, request.path)


def _refuse(name: str) -> Callable[[Request], NoReturn]:
    def answer(request: Request) -> NoReturn:
        raise not_imitated(name, request.path)

    return answer
