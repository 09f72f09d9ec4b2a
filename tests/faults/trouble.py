"""What may go wrong with a request and passes."""

from tap_netsuite_tba.simulator import Fault, FaultKind

PASSING = sorted({*FaultKind} - {FaultKind.REFUSED, FaultKind.UNAUTHORIZED_PAGE})
"""The kinds that pass; a query that is refused is so for good, and a proxy wants its login."""
DEAR = frozenset(
    {FaultKind.TOO_MANY_REQUESTS_AS_401, FaultKind.SLOW, FaultKind.STALL, FaultKind.CLOCK}
)
"""The kinds that cost time each time; of refused logins, two in a row end a run."""
_SECONDS = {
    FaultKind.TOO_MANY_REQUESTS_AS_401: 0.05,
    FaultKind.SLOW: 0.1,
    FaultKind.STALL: 0.1,
    FaultKind.CLOCK: 3600,
}


def trouble(kind: FaultKind, rate: float, times: int | None = None) -> Fault:
    """A share of the requests goes wrong, at most so often; what takes time takes little."""
    return Fault(kind, rate=rate, times=times, seconds=_SECONDS.get(kind, 0))
