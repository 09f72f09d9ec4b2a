"""A request whose pages are on their way, one for each group of columns."""

from concurrent.futures import Future
from dataclasses import dataclass, replace

from tap_netsuite_tba.extraction.asking import Request
from tap_netsuite_tba.extraction.ranges import Range, rank
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Page
from tap_netsuite_tba.tables import KeyValue


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

    @property
    def is_whole(self) -> bool:
        """Whether its pages are there, and all that there is."""
        if not all(page.done() and not page.exception() for page in self.pages):
            return False
        came = [page.result() for page in self.pages]
        return all(p.total_results == p.count < PAGE_ROWS and not p.has_more for p in came)

    @property
    def is_open_and_full(self) -> bool:
        """Whether its only page is there, and rows lie behind it up to any key."""
        (page, *others) = self.pages
        if others or not page.done() or page.exception() or self.request.descending:
            return False
        came = page.result()
        has_more = came.has_more or (came.total_results or 0) > came.count
        return self.request.wanted.up_to is None and (has_more or came.count >= self.request.limit)

    def up_to(self, last: KeyValue) -> "UnderWay":
        """The same, wanted no further than to the last key of its page."""
        wanted = Range(self.request.wanted.after, last)
        return UnderWay(replace(self.request, wanted=wanted), self.pages)

    def results(self) -> list[Page]:
        """The pages, once it has ended; raises what kept one from coming, and gives up the rest."""
        for page in self.arrived:
            if error := page.exception():
                for other in self.pages:
                    other.cancel()
                raise error
        return [page.result() for page in self.pages]
