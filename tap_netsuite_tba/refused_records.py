"""Records that NetSuite refuses to give: why, and how many of them are too many."""

from collections import Counter
from dataclasses import dataclass

from tap_netsuite_tba.errors import MostRefused
from tap_netsuite_tba.explanations import Cause, cause_of_unread
from tap_netsuite_tba.extraction.documents import Unread
from tap_netsuite_tba.extraction.passes import Pass

FIRST_RECORDS = 100
"""If so many at the beginning are all refused for a reason of the type, the others are, too."""

MANY_CHANGED = 20
"""Of changed records fewer may all be refused: they may be those that a workflow locks."""

_OF_THE_TYPE = frozenset(
    {"unread_forbidden", "unread_gone", "unread_language", "unread_unlistable"}
)


@dataclass(frozen=True)
class Refusal:
    """What records have in common that are refused alike."""

    status: int | None
    code: str | None
    cause: Cause

    def __str__(self) -> str:
        """Status, code and cause."""
        marks = " ".join(filter(None, [str(self.status or ""), self.code])) or "no answer"
        return f"{marks}. {self.cause.cause} {self.cause.remedy}"


Refusals = Counter[Refusal]
"""How many records are refused alike."""


def refusal_of(unread: Unread) -> Refusal:
    """Why a record is refused."""
    words = f"HTTP {unread.status} {unread.code} {unread.detail}"
    return Refusal(unread.status, unread.code, cause_of_unread(words))


def listed(refusals: Refusals) -> str:
    """The refusals, the most frequent first, in sentences."""
    return " ".join(f"{count:,}: {refusal}" for refusal, count in refusals.most_common())


def check_refused(stream: str, so_far: Pass, refusals: Refusals, *, is_over: bool) -> None:
    """Checks that not most records of a pass were refused.

    Args:
        stream: Its name.
        so_far: The pass.
        refusals: Of this run.
        is_over: Whether all of its records were asked for.

    Raises:
        MostRefused: More than half of them were; of changed ones, if they are many. While it goes
            on, all of the first ones were, for a reason of the type.
    """
    rows, unread = so_far.rows, so_far.unread
    if is_over:
        are_many = so_far.since is None or unread >= MANY_CHANGED
        are_most = 2 * unread > rows and are_many
    else:
        causes = {refusal.cause.key for refusal in refusals}
        are_of_the_type = bool(causes) and causes <= _OF_THE_TYPE
        are_most = unread == rows >= FIRST_RECORDS and are_of_the_type
    if are_most:
        raise MostRefused(
            f"{unread:,} of {rows:,} records of {stream} cannot be read, and its bookmark stays "
            f"where it was. {listed(Counter(dict(refusals.most_common(1))))}",
            table=stream,
        )
