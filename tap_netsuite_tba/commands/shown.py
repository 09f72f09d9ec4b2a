"""Tables as a person reads them."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.text import Text

from tap_netsuite_tba.commands.listing import TYPE_NAMES, Listing, Rows, is_custom_column
from tap_netsuite_tba.commands.record_listing import ListedType
from tap_netsuite_tba.commands.screen import grid, in_one_line
from tap_netsuite_tba.discovery.candidates import near_names
from tap_netsuite_tba.discovery.families import UNSEEN
from tap_netsuite_tba.discovery.found import Discovery, Refused, Unreadable
from tap_netsuite_tba.discovery.report import ROLE, short
from tap_netsuite_tba.netsuite.metadata import CATALOG
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, Form, Table

_NOTHING = "-"
_MISSING = "yellow"
_FEATURES = "Setup > Company > Enable Features"


def show_listing(listed: Listing, console: Console) -> None:
    """Shows all tables: the readable ones, the others with what would open them, what to select."""
    console.print(_readable(listed))
    _show_withheld(listed, console)
    _show_unreadable(listed.found, console)
    _show_unseen(listed.found, console)
    if listed.not_asked:
        names = ", ".join(listed.not_asked)
        console.print(f"\nAsked for only if named: {names}.", style="dim")
    _show_record_types(listed.record_types, console)
    _show_selection(listed, console)


def show_table(found: Discovery, rows: Rows, console: Console) -> None:
    """Shows the one table of a discovery: its columns, and those that NetSuite refuses."""
    [readable] = found.readable
    table = readable.table
    console.print(Text.assemble((table.name, "bold"), "  ", in_one_line(table.description)))
    console.print(_facts(table, rows))
    console.print()
    console.print(_columns(table.columns))
    if readable.refused:
        console.print(
            f"\n{len(readable.refused)} refused: a permission or a feature may be wanting, or the "
            f"account does not have them.",
            style=_MISSING,
        )
        console.print(_refused(readable.refused))
    _show_unseen(found, console)


def _readable(listed: Listing) -> RenderableType:
    heads = ("table", "rows", "columns", "key", "cursor", "group")
    shown = grid(
        heads,
        (
            (
                table.name,
                _count(table, listed.rows),
                _number_of_columns(table),
                ", ".join(table.key) or _NOTHING,
                table.replication_key or _NOTHING,
                table.group,
            )
            for table in listed.found.tables
        ),
    )
    for column in shown.columns:
        if column.header == "rows":
            column.justify = "right"
        elif column.header in {"key", "cursor"}:
            column.overflow = "ellipsis"
    return shown


def _unreadable(tables: Sequence[Table], readable: Collection[str]) -> RenderableType:
    """What opens the tables; first those that want a permission, which every account has."""
    known = {*shipped_tables(), *readable}
    return grid(
        ("table", "permission", "feature", "names like it"),
        (
            (
                table.name,
                " or ".join(table.permissions),
                table.feature.replace(f"{_FEATURES} > ", ""),
                "" if table.permissions else ", ".join(near_names(table.name, known)),
            )
            for table in sorted(tables, key=lambda table: bool(table.feature))
        ),
    )


def _by_words(unreadable: Sequence[Unreadable]) -> Mapping[str, Sequence[Table]]:
    """Tables by NetSuite's words, in which their names are left out."""
    found: dict[str, list[Table]] = defaultdict(list)
    for each in unreadable:
        name = re.escape(each.table.name)
        words = re.sub(name, "…", in_one_line(short(each.reason)), flags=re.IGNORECASE)
        found[words].append(each.table)
    return found


def _show_withheld(listed: Listing, console: Console) -> None:
    tables = {name: len(columns) for name, columns in listed.withheld.items() if columns}
    if tables:
        counted = ", ".join(f"{name} {number}" for name, number in tables.items())
        console.print(
            f"\nColumns refused: {counted}. `netsuite-tba tables {next(iter(tables))}` names them.",
            style=_MISSING,
        )


def _show_unreadable(found: Discovery, console: Console) -> None:
    readable = {table.name for table in found.tables}
    for words, tables in _by_words(found.unreadable).items():
        console.print(f"\n{len(tables)} not readable; NetSuite says: {words}", style=_MISSING)
        console.print(_unreadable(tables, readable))
    if found.unreadable:
        console.print(f"\nPermissions (one of several is enough): {ROLE}", style="dim")
        console.print(f"Features, with their tabs: {_FEATURES}", style="dim")


def _show_unseen(found: Discovery, console: Console) -> None:
    for name, _ in found.unseen:
        consequence, permission = UNSEEN[name]
        console.print(
            f"\nThe role does not see NetSuite's {name}, so {consequence}. Permission to give: "
            f"{permission}.",
            style=_MISSING,
        )


def _show_record_types(types: Sequence[ListedType] | None, console: Console) -> None:
    """The record types by the tables of their ids, for they are many."""
    if types is None:
        console.print(
            f"\nNetSuite does not show its metadata-catalog, so the record types for the setting "
            f"records are not listed. The permission, if the role lacks it: {UNSEEN[CATALOG][1]}.",
            style=_MISSING,
        )
    if not types:
        return
    by_place: dict[str, list[str]] = defaultdict(list)
    for each in types:
        place = "the table of its name" if each.table == each.name else each.table
        by_place[place or "to be found by --discover"].append(each.name)
    console.print("\nRecord types, to read as documents by the setting records:\n", style="bold")
    lines = ((place, ", ".join(names)) for place, names in sorted(by_place.items()))
    console.print(grid(("ids from", "record types"), lines))
    if wanted := [each.name for each in types if each.is_wanted]:
        console.print(f"\nThe setting records names {', '.join(wanted)}.")


def _show_selection(listed: Listing, console: Console) -> None:
    offered = (*listed.selected, *listed.own)
    if not offered:
        return
    console.print("\nTo load them, paste this into the tap's entry in meltano.yml:\n", style="bold")
    console.print("    select:")
    for name in offered:
        console.print(f"    - {name}.*")
    if listed.left_out:
        names = ", ".join(listed.left_out)
        console.print(f"\nThe setting tables leaves these out, so add them there, too: {names}.")


def _facts(table: Table, rows: Rows) -> RenderableType:
    facts = {
        "rows": _count(table, rows),
        "columns": _number_of_columns(table),
        "key": ", ".join(table.key) or _NOTHING,
        "cursor": table.replication_key or _NOTHING,
        "group": table.group,
    }
    shown = grid(("", ""), ((name, value) for name, value in facts.items() if value))
    shown.show_header = False
    return shown


def _columns(columns: Sequence[Column]) -> RenderableType:
    return grid(("column", "type", "from", "references", "label"), map(_column, columns))


def _column(column: Column) -> tuple[str, ...]:
    zone = ", without time zone" if column.form is Form.LOCAL else ""
    label = f"Display text of {column.label_of}" if column.label_of else column.title
    return (
        column.name,
        f"{TYPE_NAMES[column.type]}{zone}",
        column.source,
        column.references,
        in_one_line(label),
    )


def _refused(refused: Sequence[Refused]) -> RenderableType:
    return grid(
        ("column", "label", "NetSuite says"),
        (
            (each.column.name, in_one_line(each.column.title), in_one_line(short(each.reason)))
            for each in refused
        ),
    )


def _count(table: Table, rows: Rows) -> str:
    if table.name not in rows:
        return ""
    count = rows[table.name]
    return "?" if count is None else f"{count:,}"


def _number_of_columns(table: Table) -> str:
    custom = sum(map(is_custom_column, table.columns))
    own = len(table.columns) - custom
    return f"{own} + {custom} custom" if custom else str(own)
