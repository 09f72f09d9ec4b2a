"""Services that NetSuite has and the simulator has not: their addresses are there and admit it."""

from collections.abc import Callable
from typing import NoReturn

from tap_netsuite_tba.simulator.account import Route
from tap_netsuite_tba.simulator.errors import not_imitated
from tap_netsuite_tba.simulator.exchange import Request

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


def not_imitated_routes() -> list[Route]:
    """Return where it is."""
    return [Route(path, _refuse(name), login) for name, path, login in _SERVICES]


def _refuse(name: str) -> Callable[[Request], NoReturn]:
    def answer(request: Request) -> NoReturn:
        raise not_imitated(name, request.path)

    return answer
