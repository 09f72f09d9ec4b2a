"""What may go wrong with a request and passes."""

from tap_netsuite_tba.simulator import Fault, FaultKind

PASSING = sorted({*FaultKind} - {FaultKind.REFUSED})
"""The kinds that pass; a query that is refused is so for good."""
_SECONDS = {
    FaultKind.TOO_MANY_REQUESTS_AS_401: 0.05,
    FaultKind.SLOW: 0.1,
    FaultKind.STALL: 0.1,
    FaultKind.CLOCK: 3600,
}


def trouble(kind: FaultKind, rate: float, times: int | None = None) -> Fault:
    """A share of the requests goes wrong, at most so often; what takes time takes little."""
    return Fault(kind, rate=rate, times=times, seconds=_SECONDS.get(kind, 0))
