"""Where a fact about NetSuite is unsure, the account can be switched to either answer.

The first choice of each switch is what it does unless told; each says what is known about it.
"""

from collections.abc import Iterable
from dataclasses import Field, dataclass, field, fields
from functools import cache
from typing import Literal, Self, get_args, get_type_hints


@dataclass(frozen=True)
class Switches:
    """Which answer this account gives to each open question.

    The metadata of a field tell its question and the evidence.

    Raises:
        ValueError: a switch has no such choice.
    """

    abandoned: Literal["held", "freed"] = field(
        default="held",
        metadata={
            "question": "does a request that its client gave up keep its session until it is done",
            "evidence": "a client's commit log: hung requests held a fifth of the capacity",
        },
    )
    aliases: Literal["kept", "ignored"] = field(
        default="kept",
        metadata={
            "question": "is an expression named by its alias, or expr1, expr2 ... all the same",
            "evidence": "a client's test on a live account says that the alias is not always kept",
        },
    )
    bad_column: Literal["400", "500"] = field(
        default="400",
        metadata={
            "question": "the answer to a column that no table has",
            "evidence": "recorded as 400; one client has met a 500 and bisects",
        },
    )
    catalog_links: Literal["live", "documented"] = field(
        default="live",
        metadata={
            "question": "the links of a record type in the metadata catalog",
            "evidence": "an export of 2025, and Oracle's sample, which differ in two of four",
        },
    )
    custom_references: Literal["object", "ref"] = field(
        default="object",
        metadata={
            "question": "is a custom reference in JSON Schema an object, or a bare $ref",
            "evidence": "a client in use dies of any without type; OpenAPI of 2020 has bare ones",
        },
    )
    date: Literal["sent", "absent"] = field(
        default="sent",
        metadata={
            "question": "do answers carry a Date header",
            "evidence": "recordings do; a proxy on the way may drop it",
        },
    )
    error_types: Literal["rfc9110", "w3", "2020"] = field(
        default="rfc9110",
        metadata={
            "question": "the address under type in an error, and where its sentence stands",
            "evidence": "the two addresses were seen in 2025; in 2020 the sentence was the title",
        },
    )
    expires_in: Literal["number", "text", "absent"] = field(
        default="number",
        metadata={
            "question": "how the life of an access token is told, in seconds",
            "evidence": "Oracle prints a number; some replies are said to have a text",
        },
    )
    front_page: Literal["404", "302", "200"] = field(
        default="404",
        metadata={
            "question": "what the web server of the account's host says at /, to anybody",
            "evidence": "nobody shows it; a page, or a redirect to the user interface",
        },
    )
    governance_limits: Literal["403", "400", "404"] = field(
        default="403",
        metadata={
            "question": "what others than the administrator hear of the concurrency limits",
            "evidence": "Oracle: administrators only; 400 is usual, 404 where the service is new",
        },
    )
    last_link: Literal["wrong", "right"] = field(
        default="wrong",
        metadata={
            "question": "the offset in the last link of a page",
            "evidence": "wrong in all thirteen recordings of 2026, right in January 2025",
        },
    )
    login_error: Literal["token_rejected", "reason", "absent"] = field(
        default="token_rejected",
        metadata={
            "question": "error= in WWW-Authenticate of a refused login",
            "evidence": "recordings say token_rejected; Oracle lists reasons; proxies drop headers",
        },
    )
    long_sublist: Literal["next", "more", "total"] = field(
        default="next",
        metadata={
            "question": "what tells that an expanded sublist has more lines than are in it",
            "evidence": "nobody shows a long one: a next link, hasMore alone, or totalResults",
        },
    )
    missing_hour: Literal["moved", "refused"] = field(
        default="moved",
        metadata={
            "question": "a clock in the hour that spring skips, beside a date-time column",
            "evidence": "Oracle's database refuses it (ORA-01878); nobody shows NetSuite's answer",
        },
    )
    numbers: Literal["plain", "oracle"] = field(
        default="plain",
        metadata={
            "question": "is a half printed 0.5, or .5 as Oracle's database prints it",
            "evidence": "no recording shows one",
        },
    )
    offset_fetch: Literal["refused", "accepted"] = field(
        default="refused",
        metadata={
            "question": "may a query end with OFFSET m ROWS FETCH NEXT n ROWS ONLY",
            "evidence": "one client pages with it; its notes of 2026 quote a syntax error for it",
        },
    )
    past_ceiling: Literal["empty", "refused"] = field(
        default="empty",
        metadata={
            "question": "the answer to an offset past the last row that can be reached",
            "evidence": "Oracle names the ceiling and not the answer",
        },
    )
    record_level: Literal["view", "edit"] = field(
        default="view",
        metadata={
            "question": "the level of a permission that opens its records to the record service",
            "evidence": "Oracle: a GET opens in edit mode; nobody shows level View being refused",
        },
    )
    reserved_alias: Literal["accepted", "refused"] = field(
        default="accepted",
        metadata={
            "question": "may an alias be a word that Oracle reserves, such as date or level",
            "evidence": "one client in use has AS date; Oracle's database refuses it (ORA-00923)",
        },
    )
    retry_after: Literal["absent", "sent"] = field(
        default="absent",
        metadata={
            "question": "does a 429 carry Retry-After",
            "evidence": "not documented; several clients say absent, one honours it",
        },
    )
    self_link: Literal["method", "bare"] = field(
        default="method",
        metadata={
            "question": "does the self link of a page or a record name its method",
            "evidence": "in recordings of 2026 it does, in older ones it does not",
        },
    )
    semicolon: Literal["refused", "accepted"] = field(
        default="refused",
        metadata={
            "question": "may a query end with a semicolon",
            "evidence": "advised against; nobody shows the answer",
        },
    )
    token_info: Literal["told", "absent", "403", "401"] = field(
        default="told",
        metadata={
            "question": "what tokeninfo, a service of the RESTlets' host, says to a good token",
            "evidence": "one client reads it with TBA; Oracle's help shows no answer of it",
        },
    )
    token_type: Literal["Bearer", "bearer"] = field(
        default="Bearer",
        metadata={
            "question": "what the token endpoint calls the type of an access token",
            "evidence": "Oracle's table says bearer, its sample Bearer",
        },
    )
    too_many: Literal["429", "400", "401"] = field(
        default="429",
        metadata={
            "question": "the answer to a request over the concurrency limit",
            "evidence": "Oracle: 429; a client's test: 400; a user: held a minute, then a 401",
        },
    )
    total: Literal["true", "clamped"] = field(
        default="true",
        metadata={
            "question": "totalResults of more than 100,000 rows",
            "evidence": "not documented",
        },
    )
    unknown_account: Literal["page", "401"] = field(
        default="page",
        metadata={
            "question": "the answer at the host of an account that does not exist",
            "evidence": "nobody shows it: a page in HTML, if the name resolves at all, or a 401",
        },
    )
    unordered: Literal["kept", "shuffled", "lost"] = field(
        default="kept",
        metadata={
            "question": "what ORDER BY without ASC or DESC does",
            "evidence": "clients report incomplete results until ASC was written",
        },
    )
    utc_of_date: Literal["refused", "accepted"] = field(
        default="refused",
        metadata={
            "question": "does SYS_EXTRACT_UTC take a DATE, which has no time zone",
            "evidence": "Oracle's database refuses it (ORA-30175); nobody shows NetSuite's answer",
        },
    )
    values: Literal["strings", "typed"] = field(
        default="strings",
        metadata={
            "question": "are numbers JSON strings in SuiteQL rows",
            "evidence": "strings in 1,135 recorded rows; one client tolerates numbers",
        },
    )
    wide: Literal["empty", "served"] = field(
        default="empty",
        metadata={
            "question": "the answer to more than 100 columns",
            "evidence": "another connector's documentation: no rows and no error",
        },
    )
    with_clause: Literal["refused", "accepted"] = field(
        default="refused",
        metadata={
            "question": "may a query begin with WITH",
            "evidence": "Oracle says no; published samples use it",
        },
    )
    without_record: Literal["403", "400", "404"] = field(
        default="403",
        metadata={
            "question": "what the record service says to a role without a record's permission",
            "evidence": "clients map a 403; most refusals of permissions are a 400",
        },
    )
    without_rest: Literal["403", "400", "404"] = field(
        default="403",
        metadata={
            "question": "what the REST web services say to a role or account without them",
            "evidence": "clients map a 403; most refusals of permissions are a 400",
        },
    )
    without_workbook: Literal["403", "400", "not found"] = field(
        default="403",
        metadata={
            "question": "what SuiteQL says to a role without SuiteAnalytics Workbook",
            "evidence": "400 or 403; some report that every record was not found",
        },
    )

    def __post_init__(self) -> None:
        for switch in fields(self):
            chosen = getattr(self, switch.name)
            offered = choices(switch.name)
            if chosen not in offered:
                raise ValueError(
                    f"switch {switch.name} is one of {', '.join(offered)}, not {chosen!r}"
                )

    @classmethod
    def of(cls, settings: Iterable[str]) -> Self:
        """Return the switches that texts such as ``numbers=oracle`` set.

        Raises:
            ValueError: a text names no switch, or none of its choices.
        """
        chosen: dict[str, str] = {}
        names = [switch.name for switch in fields(cls)]
        for setting in settings:
            name, _, choice = setting.partition("=")
            if name not in names:
                raise ValueError(f"there is no switch {name!r}; there are {', '.join(names)}")
            chosen[name] = choice
        return cls(**chosen)  # type: ignore[arg-type]  # __post_init__ checks the choices


@cache
def choices(name: str) -> tuple[str, ...]:
    """Return what the switch ``name`` can be set to, its default first."""
    return get_args(get_type_hints(Switches)[name])


def all_switches() -> tuple[Field[str], ...]:
    """Return the switches, each with its question and evidence in ``metadata``."""
    return fields(Switches)
