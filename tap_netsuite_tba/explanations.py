"""What can go wrong, why, and what to do about it: read from `explanations.toml` when first asked.

The errors of a run, `netsuite-tba check` and docs/troubleshooting.md have their words from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

AUDIT_TRAIL = "Setup > Users/Roles > User Management > View Login Audit Trail"
"""Where NetSuite says why it refused a login (Oracle's help on TBA and the Login Audit Trail)."""


@dataclass(frozen=True)
class Cause:
    """One reason for an error.

    Attributes:
        key: Its name in the file.
        audit: NetSuite's own words for it, in the Login Audit Trail.
        answers: OAuth 2.0's words for it, in the answer itself.
        says: Words of messages that tell it from other causes of the same error.
        method: The `auth_method` that it is met with; empty if it is met with any.
        cause: A sentence.
        remedy: One or more sentences.
        where: The place in NetSuite's menu; empty if it is none of NetSuite's business.
    """

    key: str
    cause: str
    remedy: str
    where: str
    audit: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    method: str = ""


@dataclass(frozen=True)
class Explanation:
    """The words of one class of errors.

    Attributes:
        what: The beginning of its message, without a full stop.
        remedy: The end of its message, in sentences.
        causes: The likeliest first.
    """

    what: str
    remedy: str
    causes: tuple[Cause, ...]

    def causes_with(self, auth_method: str) -> tuple[Cause, ...]:
        """Those that can be met with an `auth_method`, `tba` or `oauth2`."""
        return tuple(cause for cause in self.causes if cause.method in ("", auth_method))


@dataclass(frozen=True)
class Permission:
    """A permission of the minimal role.

    Attributes:
        name: NetSuite's.
        tab: The tab of the role's permissions where it is to be found.
        level: The lowest level that is enough.
        needed: For what; begins with `always` where nothing works without it.
        opens: What is lost without it.
        either: Other permissions that do instead.
        tables: SuiteQL tables that it opens.
        records: Record types that it opens in the metadata catalog.
        feature: The feature without which the account has nothing of the kind; empty for none.
    """

    name: str
    tab: str
    level: str
    needed: str
    opens: str
    either: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    feature: str = ""

    @property
    def path(self) -> str:
        """As descriptions of tables name it: `Lists > Customers`."""
        return f"{self.tab} > {self.name}"


@dataclass(frozen=True)
class TrapWords:
    """The words for something in a query that SuiteQL does not take, or not as it is meant.

    Attributes:
        key: Its name in the file.
        effect: What comes of it: see `netsuite.traps`.
        cause: Sentences; `{found}` stands for what was found.
        remedy: Likewise.
        says: Patterns of NetSuite's words for it, where they tell; the group is what they name.
        is_answered: Whether NetSuite answers it, so that no refusal is explained by it.
        is_last: Whether it is told only where nothing else fits.
    """

    key: str
    effect: str
    cause: str
    remedy: str
    says: tuple[str, ...] = ()
    is_answered: bool = False
    is_last: bool = False


def explanation_of(error: str) -> Explanation:
    """The words of a class of errors.

    Args:
        error: The name of the class.

    Raises:
        KeyError: The file has no words for it.
    """
    words = _content()["errors"][error]
    return Explanation(words["what"], words["remedy"], tuple(map(cause, words["causes"])))


def cause(key: str) -> Cause:
    """The cause of a name.

    Raises:
        KeyError: There is none.
    """
    return Cause(key, **_frozen(_content()["causes"][key]))


def causes_of_audit(word: str) -> tuple[Cause, ...]:
    """The causes for which NetSuite has one word, the likeliest first; none if it is not known.

    Args:
        word: As the column Detail of the Login Audit Trail has it, or an answer, in any case.
    """
    return tuple(
        each
        for each in explanation_of("LoginRefused").causes
        if word.lower() in map(str.lower, (*each.audit, *each.answers))
    )


def cause_of_unread(words: str) -> Cause:
    """Why a record cannot be read; the last cause fits whatever the words are.

    Args:
        words: `HTTP`, the status, NetSuite's code, and its words.
    """
    said = words.lower()
    causes = explanation_of("MostRefused").causes
    told = (each for each in causes if any(word.lower() in said for word in each.says))
    return next(told, causes[-1])


def permissions() -> tuple[Permission, ...]:
    """The permissions of the minimal role, in the order in which a role is best made."""
    return tuple(
        Permission(name, **_frozen(words)) for name, words in _content()["permissions"].items()
    )


def trap_words() -> tuple[TrapWords, ...]:
    """The words for all that is known to go wrong in queries."""
    return tuple(TrapWords(key, **_frozen(words)) for key, words in _content()["traps"].items())


def functions_instead() -> Mapping[str, str]:
    """Functions, upper case, that SuiteQL does not have, and what to write instead."""
    functions: Mapping[str, str] = _content()["functions"]
    return functions


def _frozen(words: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(text) if isinstance(text, list) else text for key, text in words.items()}


@cache
def _content() -> Mapping[str, Any]:
    import tomllib  # noqa: PLC0415 - only what goes wrong needs it

    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
