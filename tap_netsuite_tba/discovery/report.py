"""What a discovery says of what it could not have, in the log."""

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from tap_netsuite_tba.discovery.candidates import near_names
from tap_netsuite_tba.discovery.customtables import TOLD_BY
from tap_netsuite_tba.discovery.families import SEGMENT, UNSEEN, tables_of
from tap_netsuite_tba.discovery.fields import listed
from tap_netsuite_tba.discovery.found import Discovery, Refused, Unreadable, Wanted
from tap_netsuite_tba.discovery.words import says_absent
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Group, Source

logger = logging.getLogger(__name__)

ROLE = "Setup > Users/Roles > Manage Roles"
"""Where permissions are given."""

_NOT_STORED = " A custom field without Store Value, such as a formula, is a column of no table."
_BEFORE_WORDS = ("Detailed unprocessed description follows. ", "Search error occurred: ")


def report(found: Discovery) -> None:
    """Says which tables, columns and lists the role does not see, and what to do about it."""
    for name, words in found.unseen:
        consequence, permission = UNSEEN[name]
        logger.warning(
            "The role does not see NetSuite's %s, so %s. Give it the permission %s (%s).%s %s",
            name,
            consequence,
            permission,
            ROLE,
            _needed_feature(name),
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
    _report_columns(found)


def report_types(wanted: Wanted, found: Discovery) -> None:
    """Says which types are set of columns that are not there."""
    columns = {f"{table.name}.{column}" for table in found.tables for column in table.column_names}
    own = {query.name for query in wanted.queries}
    for unknown in sorted(wanted.column_types.keys() - columns):
        near = near_names(unknown, columns) or near_names(unknown.partition(".")[0], own)
        like = f" Names like it: {', '.join(near)}." if near else ""
        logger.warning("column_types names %s, which is no column here.%s", unknown, like)


def remedy(unreadable: Unreadable, found: Discovery) -> str:
    """What to do to read a table, in a sentence or more."""
    table = unreadable.table
    is_none = _is_none_of_the_accounts(table.name, found)
    advice = ["The account has no table of that name."] if is_none else []
    if is_none or not table.permissions:
        known = {*shipped_tables(), *found.own, *(each.name for each in found.tables)}
        if near := near_names(table.name, known - {table.name}):
            advice.append(f"Tables with names like it: {', '.join(near)}.")
    if table.permissions and not is_none:
        advice.append(f"Give the role the permission {' or '.join(table.permissions)} ({ROLE}).")
    if table.feature and not is_none:
        advice.append(f"The account needs a feature: {table.feature}.")
    return " ".join(advice) or f"Give the role the permission for it ({ROLE})."


def short(words: str) -> str:
    """NetSuite's words without what stands before and behind each refusal."""
    for before in _BEFORE_WORDS:
        words = words.rpartition(before)[2]
    said = words.partition(" Available identifiers")[0]
    return said if said.endswith(".") else f"{said}."


def _needed_feature(name: str) -> str:
    table = shipped_tables().get(name)
    feature = table.feature if table else ""
    return f" The account may also lack a feature: {feature}." if feature else ""


def _is_none_of_the_accounts(name: str, found: Discovery) -> bool:
    """Whether a name is like those of the account's own tables, and those are known without it."""
    if name in {*shipped_tables(), *found.own, *(table.name for table in found.tables)}:
        return False
    lists = [told_by for prefix, told_by in TOLD_BY.items() if name.startswith(prefix)]
    return bool(lists) and not set(lists) & dict(found.unseen).keys()


def _report_unnamed(unreadable: Sequence[Unreadable]) -> None:
    """Tables that a pattern meant; of the detail ones most accounts lack many."""
    quiet = [u for u in unreadable if u.table.group is Group.DETAIL and not u.was_readable]
    loud = [u for u in unreadable if u not in quiet]
    for level, left_out in ((logging.WARNING, loud), (logging.INFO, quiet)):
        if left_out:
            logger.log(
                level,
                "These tables are left out, for the role does not see them: %s. What one needs, a "
                "permission or a feature, is told by `netsuite-tba tables %s`.",
                "; ".join(_by_permission(left_out, say_permissions=left_out is loud)),
                left_out[0].table.name,
            )


def _by_permission(unreadable: Sequence[Unreadable], *, say_permissions: bool) -> Iterable[str]:
    """The names of tables, those together that need the same permission."""
    named: dict[str, list[str]] = defaultdict(list)
    for each in unreadable:
        wanted = " or ".join(each.table.permissions) if say_permissions else ""
        named[f" ({wanted})" if wanted else ""].append(each.table.name)
    return (f"{', '.join(names)}{permissions}" for permissions, names in named.items())


def _report_columns(found: Discovery) -> None:
    """Which columns are refused: quietly if another table of the family has, or may have them."""
    asked = {*(table.name for table in found.tables), *(u.table.name for u in found.unreadable)}
    elsewhere = {name for table in found.tables for name in table.column_names}
    elsewhere |= {
        refused.column.name
        for each in found.readable
        for refused in each.refused
        if not asked.issuperset(tables_of(refused.column.name))
    }
    for each in found.readable:
        loud = withheld(each.refused, elsewhere)
        quiet = [refused.column.name for refused in each.refused if refused not in loud]
        if quiet:
            logger.info(
                "%s does not have these fields of its family: %s.", each.table.name, listed(quiet)
            )
        if loud:
            logger.warning(
                "NetSuite refuses columns of %s, which are left out: %s. A permission or a feature "
                "may be wanting, or the account does not have them.%s",
                each.table.name,
                _with_words(loud),
                _NOT_STORED if any(map(_is_absent, loud)) else "",
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
    alike: dict[str, list[Refused]] = defaultdict(list)
    for each in refused:
        words = re.sub(re.escape(each.column.name), "…", each.reason, flags=re.IGNORECASE)
        alike[words].append(each)
    return "; ".join(map(_with_first_words, alike.values()))


def _with_first_words(refused: Sequence[Refused]) -> str:
    names = ", ".join(each.column.name for each in refused)
    such_as = "such as: " if len(refused) > 1 else ""
    return f"{names} ({such_as}{short(refused[0].reason).rstrip('.')})"
