"""What a discovery says of what it could not have, in the log."""

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from tap_netsuite_tba.discovery.candidates import near_names
from tap_netsuite_tba.discovery.customtables import MAPPINGS
from tap_netsuite_tba.discovery.families import SEGMENT, UNSEEN
from tap_netsuite_tba.discovery.found import Discovery, Readable, Refused, Unreadable
from tap_netsuite_tba.discovery.words import says_absent
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Source

logger = logging.getLogger(__name__)

ROLE = "Setup > Users/Roles > Manage Roles"
"""Where permissions are given."""

_BEFORE_WORDS = ("Detailed unprocessed description follows. ", "Search error occurred: ")
_UNKNOWN_TABLE = "Invalid search type"


def report(found: Discovery) -> None:
    """Says which tables, columns and lists the role does not see, and what to do about it."""
    for name, words in found.unseen:
        consequence, permission = UNSEEN[name]
        logger.warning(
            "The role does not see NetSuite's %s, so %s. Give it the permission %s (%s). %s",
            name,
            consequence,
            permission,
            ROLE,
            short(words),
        )
    for table in found.unreadable:
        if table.is_named:
            logger.warning(
                "The table %s is left out: %s %s",
                table.table.name,
                short(table.reason),
                remedy(table, found),
            )
    _report_unnamed([each for each in found.unreadable if not each.is_named])
    _report_columns(found.readable)


def remedy(unreadable: Unreadable, found: Discovery) -> str:
    """What to do to read a table, in a sentence or more."""
    table = unreadable.table
    advice = []
    if not table.permissions:
        known = {*shipped_tables(), *(table.name for table in found.tables)}
        if near := near_names(table.name, known - {table.name}):
            advice.append(f"Tables with names like it: {', '.join(near)}.")
    if table.permissions:
        advice.append(f"Give the role the permission {' or '.join(table.permissions)} ({ROLE}).")
    if table.feature:
        advice.append(f"The account needs a feature: {table.feature}.")
    return " ".join(advice) or f"Give the role the permission for it ({ROLE})."


def short(words: str) -> str:
    """NetSuite's words without what stands before and behind each refusal."""
    for before in _BEFORE_WORDS:
        words = words.rpartition(before)[2]
    said = words.partition(" Available identifiers")[0]
    return said if said.endswith(".") else f"{said}."


def _report_unnamed(unreadable: Sequence[Unreadable]) -> None:
    """Tables that a pattern meant, in a line: most accounts lack many, for want of a feature."""
    for level, may_lack in ((logging.WARNING, False), (logging.INFO, True)):
        names = [each.table.name for each in unreadable if _may_lack(each) is may_lack]
        if names:
            logger.log(
                level,
                "These tables are left out, for the role does not see them: %s. The permission or "
                "feature that one wants is told by `netsuite-tba tables %s`.",
                ", ".join(names),
                names[0],
            )


def _may_lack(unreadable: Unreadable) -> bool:
    """Whether an account may plainly not have a table, whatever its roles may do."""
    table = unreadable.table
    is_unknown = _UNKNOWN_TABLE in unreadable.reason
    return is_unknown or bool(table.feature) or table.name.startswith(MAPPINGS)


def _report_columns(readable: Sequence[Readable]) -> None:
    """Which columns are refused: quietly if another table of the family has them."""
    readable_names = {name for each in readable for name in each.table.column_names}
    for each in readable:
        loud = withheld(each.refused, readable_names)
        quiet = [r for r in each.refused if r not in loud]
        if quiet:
            names = ", ".join(refused.column.name for refused in quiet)
            logger.info("%s does not have these fields of its family: %s.", each.table.name, names)
        if loud:
            logger.warning(
                "NetSuite refuses columns of %s, which are left out: %s. A permission or a feature "
                "may be wanting, or the account does not have them.",
                each.table.name,
                _with_words(loud),
            )


def withheld(refused: Sequence[Refused], readable: Collection[str]) -> list[Refused]:
    """The refused columns, but for fields of the family that only other tables have.

    Args:
        refused: Those of a table.
        readable: The names of the columns that any table has.
    """
    return [r for r in refused if not (_is_absent(r) and _may_be_elsewhere(r, readable))]


def _is_absent(refused: Refused) -> bool:
    """Whether it is a custom field that the table does not have."""
    return refused.column.source is Source.CUSTOM_FIELD and says_absent(refused.reason)


def _may_be_elsewhere(refused: Refused, readable: Collection[str]) -> bool:
    name = refused.column.name
    return name in readable or name.startswith(SEGMENT)


def _with_words(refused: Sequence[Refused]) -> str:
    """The columns, those together that are refused in the same words."""
    by_words: dict[str, list[str]] = defaultdict(list)
    for each in refused:
        words = re.sub(re.escape(each.column.name), "…", short(each.reason), flags=re.IGNORECASE)
        by_words[words.rstrip(".")].append(each.column.name)
    return "; ".join(f"{', '.join(names)} ({words})" for words, names in by_words.items())
