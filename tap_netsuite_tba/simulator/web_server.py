"""The web server before the account: what it answers itself, to anybody, without a login."""

import re
from dataclasses import dataclass

from tap_netsuite_tba.simulator.errors import not_found
from tap_netsuite_tba.simulator.exchange import Answer, Request
from tap_netsuite_tba.simulator.switches import Switches
from tap_netsuite_tba.simulator.wrong_answers import page

_HOST = re.compile(
    r"(?P<account>[a-z0-9-]+)\.(?P<service>suitetalk|restlets)\.api\.netsuite\.com(:\d+)?",
    re.IGNORECASE,
)
_RESTLETS = ("/app/site/hosting/", "/rest/")


@dataclass(frozen=True)
class WebServer:
    """Serves the front page, and hosts and addresses behind which there is no service.

    Attributes:
        account_id: of the account that is there.
        switches: what the front page is, and what stands where an account does not exist.
    """

    account_id: str
    switches: Switches

    def answers(self, request: Request) -> bool:
        """Tell whether a request gets no further than here."""
        return request.path == "/" or self._is_nowhere(request)

    def answer(self, request: Request) -> Answer:
        """Answer such a request.

        Raises:
            Refusal: the front page is asked for by a method that no page has.
        """
        if self._is_nowhere(request):
            return page(404, "Service Unavailable")
        if request.method not in {"GET", "HEAD"}:
            raise not_found(request.path)
        match self.switches.front_page:
            case "302":
                moved = f"https://{self._label}.app.netsuite.com/"
                return page(302, "302 Found", {"Location": moved})
            case "200":
                return page(200, "NetSuite")
            case _:
                return page(404, "404 Not Found")

    @property
    def _label(self) -> str:
        """How the account's hosts begin."""
        return self.account_id.lower().replace("_", "-")

    def _is_nowhere(self, request: Request) -> bool:
        """Tell whether the host is another account's, or has services of the other kind."""
        host = _HOST.fullmatch(request.host)
        if host is None:
            return False
        if host["account"].lower() != self._label:
            return self.switches.unknown_account == "page"
        is_restlet = request.path.startswith(_RESTLETS)
        return is_restlet is not (host["service"].lower() == "restlets")
