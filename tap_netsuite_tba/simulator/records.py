"""The record service ``/services/rest/record/v1``, of which only the addresses are there."""

from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import unquote

from tap_netsuite_tba.simulator.account import Route
from tap_netsuite_tba.simulator.errors import no_record_type, not_found, not_imitated
from tap_netsuite_tba.simulator.exchange import Request
from tap_netsuite_tba.simulator.metadata.record_types import RecordTypes

_PATH = "/services/rest/record/v1/"


@dataclass(frozen=True)
class RecordService:
    """Tells record types that NetSuite has from those that nobody has.

    Attributes:
        record_types: what there is.
    """

    record_types: RecordTypes

    def routes(self) -> list[Route]:
        """Return where it is: below its path, where the metadata catalog does not answer."""
        return [Route(_PATH, self.answer)]

    def answer(self, request: Request) -> NoReturn:
        """Refuse one request.

        Raises:
            Refusal: a 404 in NetSuite's words for an unknown record type, else a 501 in ours.
        """
        name = unquote(request.path.removeprefix(_PATH).partition("/")[0])
        if not name:
            raise not_found(request.path)
        if self.record_types.is_known(name):
            raise not_imitated("record service", request.path)
        raise no_record_type(name, request.path)
