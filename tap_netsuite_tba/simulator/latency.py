"""How long the account works on a request: by what it is, and by the rows behind its answer."""

from dataclasses import dataclass, fields
from typing import Self

from tap_netsuite_tba.simulator.exchange import Work

_CATALOG = "/metadata-catalog"
# NetSuite ends every REST request after a quarter of an hour.
_LONGEST = 900


@dataclass(frozen=True)
class Latency:
    """Seconds that a request takes at least.

    Attributes:
        base: any request.
        returned: more for each row of the answer.
        matched: more for each row of the whole result, which NetSuite has to find and to count.
        offset: more for each row before the answer's first one.
        metadata: a request to the metadata catalog, instead of ``base``; None for the same.

    Raises:
        ValueError: a number of seconds is below 0 or above 900.
    """

    base: float = 0.0
    returned: float = 0.0
    matched: float = 0.0
    offset: float = 0.0
    metadata: float | None = None

    def __post_init__(self) -> None:
        for part in fields(self):
            seconds = getattr(self, part.name)
            if seconds is not None and not 0 <= seconds <= _LONGEST:
                raise ValueError(f"latency {part.name} is 0 to {_LONGEST} seconds, not {seconds}")

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the latency that ``0.1`` or ``base=0.1,matched=0.00001`` says.

        Raises:
            ValueError: it says nothing of the kind.
        """
        names = [part.name for part in fields(cls)]
        seconds: dict[str, float] = {}
        for setting in text.split(",") if "=" in text else [f"base={text}"]:
            name, _, number = setting.partition("=")
            if name.strip() not in names:
                raise ValueError(f"latency has no part {name!r}; it has {', '.join(names)}")
            try:
                seconds[name.strip()] = float(number)
            except ValueError as error:
                raise ValueError(f"latency {name} is a number, not {number!r}") from error
        return cls(**seconds)

    def seconds(self, path: str, work: Work) -> float:
        """Return how long a request takes.

        Args:
            path: of the request.
            work: the rows behind the answer.
        """
        base = self.base
        if self.metadata is not None and _CATALOG in path:
            base = self.metadata
        return (
            base
            + self.returned * work.returned
            + self.matched * work.matched
            + self.offset * work.offset
        )
