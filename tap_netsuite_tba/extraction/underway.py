"""A request whose pages are on their way, one for each group of columns."""

from concurrent.futures import Future
from dataclasses import dataclass

from tap_netsuite_tba.extraction.asking import Request
from tap_netsuite_tba.extraction.ranges import rank
from tap_netsuite_tba.netsuite.query import Page


@dataclass(frozen=True, eq=False)
class UnderWay:
    """A request and its pages to come.

    Attributes:
        pages: One for each group of columns, all asked for at once.
    """

    request: Request
    pages: list[Future[Page]]

    @property
    def position(self) -> tuple[float, ...]:
        """Where its range begins, to be sorted by."""
        return rank(self.request.wanted.after)

    @property
    def arrived(self) -> list[Future[Page]]:
        """The pages that are there, or never will be."""
        return [page for page in self.pages if page.done()]

    @property
    def ended(self) -> bool:
        """Whether all pages are there, or one never will be."""
        arrived = self.arrived
        return len(arrived) == len(self.pages) or any(page.exception() for page in arrived)

    def results(self) -> list[Page]:
        """The pages, once it has ended; raises what kept one from coming, and gives up the rest."""
        for page in self.arrived:
            if error := page.exception():
                for other in self.pages:
                    other.cancel()
                raise error
        return [page.result() for page in self.pages]
