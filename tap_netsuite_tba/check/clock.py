"""How far this host's clock is from NetSuite's."""

from datetime import timedelta

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding, failed, passed, skipped
from tap_netsuite_tba.explanations import cause
from tap_netsuite_tba.netsuite.clock import ALLOWED_SKEW

_NOTEWORTHY = timedelta(minutes=1)


def check_clock(case: Case) -> Finding:
    """Compare the clocks; signatures go by NetSuite's from here on, where they must."""
    case.skew = case.clock.learn(case.date) if case.date else None
    if case.skew is None:
        return skipped("The answer has no Date, so NetSuite's time is not known")
    seconds = round(case.skew.total_seconds())
    if abs(case.skew) > ALLOWED_SKEW:
        return failed(
            f"This machine's clock is {_in_words(case.skew)} NetSuite's; the login is tried with "
            "NetSuite's time",
            cause("clock_wrong"),
            seconds=seconds,
        )
    if abs(case.skew) > _NOTEWORTHY:
        return passed(
            f"This machine's clock is {_in_words(case.skew)} NetSuite's",
            "Beyond five minutes logins are refused: set it by NTP",
            seconds=seconds,
        )
    return passed("This machine's clock is NetSuite's, to the minute", seconds=seconds)


def _in_words(skew: timedelta) -> str:
    minutes, seconds = divmod(round(abs(skew.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    length = " ".join(f"{number} {unit}" for number, unit in parts if number)
    return f"{length} {'ahead of' if skew > timedelta(0) else 'behind'}"
