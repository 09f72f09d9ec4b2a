"""The settings of the tap: their names, texts and defaults, and one sentence for each bad value."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from singer_sdk import typing as th

from tap_netsuite_tba.batches import BATCH_CONFIG, BatchConfig, read_batch_config
from tap_netsuite_tba.credentials import CREDENTIAL_PROPERTIES, TBA, wrong_credentials
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.query_settings import (
    QUERIES,
    of_other_streams,
    read_queries,
    wrong_queries,
)
from tap_netsuite_tba.tables import ColumnType
from tap_netsuite_tba.type_names import COLUMN_TYPES

NOT_CARRIED: Mapping[str, str] = {
    "use_singer_decimal": "numbers are JSON numbers with all their digits",
}
"""The SDK's own settings that this tap does not have, and what it does instead."""

HOST, PROCESS = "host", "process"

_YEAR_SECONDS = 365 * 24 * 3600

SETTINGS: dict[str, Any] = th.PropertiesList(
    *CREDENTIAL_PROPERTIES,
    th.Property(
        "demo",
        th.BooleanType(nullable=False),
        title="Demo account",
        description="Read the simulator's company; goes without credentials",
        default=False,
    ),
    th.Property(
        "base_url",
        th.StringType(nullable=False),
        title="Base URL",
        description="Where NetSuite answers, if not at the host of the account id; plain http "
        "goes to this machine only",
        examples=["https://netsuite-proxy.example.com"],
    ),
    th.Property(
        "start_date",
        th.DateTimeType(nullable=False),
        title="Start date",
        description="Read rows modified since; tables without a modification date ignore it, and "
        "a bookmark always wins",
        examples=["2024-01-01T00:00:00Z"],
    ),
    th.Property(
        "tables",
        th.ArrayType(th.StringType(nullable=False)),
        title="Tables",
        description="Which tables to discover: names or patterns such as transaction*",
        default=["*"],
        examples=[["transaction*", "customer"]],
    ),
    th.Property(
        "records",
        th.ArrayType(th.StringType(nullable=False, pattern=r"^[A-Za-z][A-Za-z0-9_]*$")),
        title="Records",
        description="Record types whose documents to read, each a stream record_<type>; no "
        "patterns. With tables: [] no tables are read",
        examples=[["salesorder", "customer", "customrecord_vehicle"]],
    ),
    th.Property(
        "column_types",
        th.ObjectType(
            additional_properties=th.StringType(nullable=False, allowed_values=sorted(COLUMN_TYPES))
        ),
        title="Column types",
        description="Types of single columns where the discovered one does not fit",
        examples=[{"transaction.custbody_code": "string"}],
    ),
    th.Property(
        "include_labels",
        th.ArrayType(th.StringType(nullable=False, pattern=r"^[^.]+\.[^.]+$")),
        title="Labels",
        description="List columns that also get <column>_label with what NetSuite shows: "
        "table.column or patterns such as *.status",
        examples=[["transaction.entity", "*.status"]],
    ),
    QUERIES,
    th.Property(
        "max_sessions",
        th.IntegerType(nullable=False, minimum=1, maximum=5),
        title="Sessions",
        description="Requests at once, 1 to 5; 4 leaves one to other users of the account",
        default=5,
    ),
    th.Property(
        "session_pool",
        th.StringType(nullable=False, allowed_values=[HOST, PROCESS]),
        title="Session pool",
        description="Who shares the sessions: host, all programs of this user on this host that "
        "read the account; process, this run alone",
        default=HOST,
    ),
    th.Property(
        "lookback_seconds",
        th.IntegerType(nullable=False, minimum=0, maximum=_YEAR_SECONDS),
        title="Look-back",
        description="Seconds before the bookmark from which an incremental run reads again, for "
        "rows that were saved late",
        default=3600,
    ),
    th.Property(
        "retry_timeout_seconds",
        th.IntegerType(nullable=False, minimum=0, maximum=_YEAR_SECONDS),
        title="Retry time-out",
        description="Seconds without any successful request after which a run gives up",
        default=900,
    ),
    th.Property(
        "discovery_cache_seconds",
        th.IntegerType(nullable=False, minimum=0, maximum=_YEAR_SECONDS),
        title="Memory of a discovery",
        description="Seconds for which a discovery is remembered, if the account's customization "
        "stays as it is; 0 asks each time",
        default=86400,
    ),
    th.Property(
        "emit_activate_version_messages",
        th.BooleanType(nullable=False),
        title="Activate versions",
        description="After a whole reading of a table, tell the target to let go of all other rows "
        "(ACTIVATE_VERSION); false for targets that cannot",
        default=True,
    ),
    th.Property(
        "user_agent",
        th.StringType(nullable=False),
        title="User agent",
        description="What the tap calls itself; by default its name and version",
        examples=["acme-warehouse/1.0"],
    ),
    th.Property(
        "metrics_file",
        th.StringType(nullable=False),
        title="Metrics file",
        description="A file that each run replaces by what it took, as JSON: requests, retries, "
        "waits, use of the sessions, rows and bytes a second",
        examples=["output/metrics.json"],
    ),
    BATCH_CONFIG,
).to_dict()


_FIRST_YEAR = 1900


@dataclass(frozen=True)
class Settings:
    """The settings, checked and typed; the secrets are not in its repr."""

    account_id: str | None = None
    consumer_key: str | None = field(default=None, repr=False)
    consumer_secret: str | None = field(default=None, repr=False)
    token_id: str | None = field(default=None, repr=False)
    token_secret: str | None = field(default=None, repr=False)
    auth_method: str = TBA
    client_id: str | None = field(default=None, repr=False)
    certificate_id: str | None = None
    private_key: str | None = field(default=None, repr=False)
    demo: bool = False
    base_url: str | None = None
    start_date: datetime | None = None
    tables: tuple[str, ...] = ("*",)
    column_types: Mapping[str, ColumnType] = field(default_factory=dict)
    include_labels: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    queries: tuple[OwnQuery, ...] = ()
    max_sessions: int = 5
    session_pool: str = HOST
    lookback_seconds: int = 3600
    retry_timeout_seconds: int = 900
    discovery_cache_seconds: int = 86400
    emit_activate_version_messages: bool = True
    user_agent: str | None = None
    metrics_file: Path | None = None
    batch_config: BatchConfig | None = None


def read_settings(config: Mapping[str, Any]) -> Settings:
    """The settings in a tap's configuration.

    Raises:
        ConfigurationError: One of them cannot be used; the message names all that are wrong.
    """
    if wrong := problems(config):
        raise ConfigurationError(" ".join(wrong))
    given = {name: value for name, value in config.items() if value is not None}
    known = {name: given[name] for name in Settings.__dataclass_fields__ if name in given}
    if "start_date" in known:
        known["start_date"] = _instant(known["start_date"])
    if "tables" in known:
        known["tables"] = tuple(known["tables"])
    known["records"] = tuple(dict.fromkeys(name.lower() for name in given.get("records", ())))
    known["include_labels"] = tuple(name.lower() for name in given.get("include_labels", ()))
    known["metrics_file"] = Path(file) if (file := given.get("metrics_file")) else None
    known["batch_config"] = read_batch_config(given.get("batch_config"))
    column_types = {
        column.lower(): COLUMN_TYPES[kind] for column, kind in given.get("column_types", {}).items()
    }
    known["queries"] = read_queries(given.get("queries", ()), column_types)
    known["column_types"] = of_other_streams(column_types, known["queries"])
    for number in (
        "max_sessions",
        "lookback_seconds",
        "retry_timeout_seconds",
        "discovery_cache_seconds",
    ):
        if number in known:
            known[number] = int(known[number])
    return Settings(**known)


def problems(config: Mapping[str, Any], schema: Mapping[str, Any] = SETTINGS) -> list[str]:
    """A sentence for each setting that cannot be used; none when all is well.

    Args:
        config: The configuration.
        schema: Its JSON Schema: these settings, and perhaps more, of the SDK's own.
    """
    config = {name: value for name, value in config.items() if value is not None}
    errors = list(Draft202012Validator(schema).iter_errors(config))
    found = list(map(_sentence, errors))
    malformed = {error.path[0] for error in errors if error.path}
    if malformed.isdisjoint(("demo", "auth_method")):
        found.extend(wrong_credentials(config))
    config = {name: value for name, value in config.items() if name not in malformed}
    found.extend(_wrong_account(config))
    if not str(config.get("user_agent", "")).isprintable():
        found.append(
            "user_agent: it has a line break or another character that headers do not take."
        )
    names_others = config.get("records") or config.get("queries")
    has_others = names_others or not malformed.isdisjoint(("records", "queries"))
    if config.get("tables") == [] and not has_others:
        found.append(
            'tables: it is empty; leave it out to read all, or name some, as in ["customer"].'
        )
    if queries := config.get("queries"):
        found.extend(wrong_queries(queries, config.get("tables", ())))
    if file := config.get("metrics_file"):
        found.extend(_wrong_file("metrics_file", Path(file)))
    if "start_date" in config:
        try:
            _instant(config["start_date"])
        except (ValueError, OverflowError):
            found.append("start_date is no date: write it as 2024-01-01 or 2024-01-01T00:00:00Z.")
    return found


def stranger(name: str, known: Collection[str]) -> str:
    """The sentence for a setting that is not among the known ones."""
    if instead := NOT_CARRIED.get(name):
        return f"{name} is ignored: {instead}."
    near = difflib.get_close_matches(name, known, n=1)
    meant = f"; did you mean {near[0]}?" if near else "."
    return f"There is no setting {name}, it is ignored{meant}"


def _sentence(error: ValidationError) -> str:
    name = str(error.path[0]) if error.path else "The configuration"
    described = SETTINGS["properties"].get(name, {})
    examples = described.get("examples") or [d for d in [described.get("default")] if d is not None]
    example = f", for example {examples[0]!r}" if examples else ""
    place = f"in {'.'.join(map(str, error.path))}, " if len(error.path) > 1 else ""
    return f"{name}: {place}{_reason(error)}{example}."


def _reason(error: ValidationError) -> str:
    # What a secret is instead of a text must not be shown.
    if error.validator != "type":
        return error.message
    is_number = isinstance(error.instance, int | float)
    quotes = "; write it in quotes" if is_number and "string" in str(error.validator_value) else ""
    return f"has the wrong type{quotes}"


def _wrong_account(config: Mapping[str, Any]) -> list[str]:
    if config.get("demo") or not config.get("account_id"):
        return []
    try:
        Account.parse(config["account_id"], config.get("base_url"))
    except ConfigurationError as error:
        return [str(error)]
    return []


def _wrong_file(name: str, file: Path) -> list[str]:
    if not file.parent.is_dir():
        return [f"{name}: there is no folder {file.parent}; make it, or name a file in another."]
    if file.exists() and not file.is_file():
        return [f"{name}: {file} is no file that could be replaced; name another."]
    return []


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.year < _FIRST_YEAR:
        raise ValueError(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
