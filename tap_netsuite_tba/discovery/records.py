"""The record types that the settings name: which can be read, and what their documents look like.

These look as NetSuite's metadata catalog has it, and as a few of them show; where the role may not
see the catalog, those few alone.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from tap_netsuite_tba.discovery.candidates import near_names
from tap_netsuite_tba.discovery.found import LeftOut
from tap_netsuite_tba.discovery.record_ids import Ids, proven_ids, sampled_ids
from tap_netsuite_tba.discovery.report import ROLE, short
from tap_netsuite_tba.discovery.sources import Sources
from tap_netsuite_tba.errors import ExtractionError, TapNetSuiteError
from tap_netsuite_tba.extraction.some_keys import keys_of_some
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    NotFound,
    is_fault,
    is_refusal,
    said_by,
)
from tap_netsuite_tba.netsuite.metadata import RecordCatalog
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.netsuite.records import is_refused
from tap_netsuite_tba.record_entries import schema_of_stream
from tap_netsuite_tba.record_ids import is_known, known_types, types_within, ways_to_ids
from tap_netsuite_tba.record_schema import record_schema
from tap_netsuite_tba.record_types import RecordType, stream_of

logger = logging.getLogger(__name__)

_WAY_OUT = (
    "NetSuite fails at %s again and again, and no record type is left out for what may pass, so "
    "all of the discovery ends. If others are well, take it out of the setting records."
)

_Catalog = Callable[[str], Document | None]
"""Describes a record type, by the name of it."""


_DOCUMENTS = 3
"""How many documents are looked at; where one cannot be read, another is tried."""


def discover_records(
    names: Sequence[str], sources: Sources
) -> tuple[tuple[RecordType, ...], tuple[LeftOut, ...]]:
    """The record types that can be read, and those that cannot, with the reasons.

    Args:
        names: In lower case.
        sources: By what NetSuite is asked.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    asked = [(name, sources.workers.submit(partial(_discovered, name, sources))) for name in names]
    found: list[RecordType] = []
    left_out: list[LeftOut] = []
    try:
        for name, answer in asked:
            try:
                found.append(answer.result())
            except (NetSuiteError, ExtractionError) as error:
                if isinstance(error, NetSuiteError) and not _is_of_type(error):
                    if is_fault(error):
                        logger.error(_WAY_OUT, name)  # noqa: TRY400 - the error is raised
                    raise
                left_out.append(LeftOut(stream_of(name), _reason(name, error, sources.catalog)))
    finally:
        # After trouble nobody wants the others any more.
        for _, answer in asked:
            answer.cancel()
    return tuple(found), tuple(left_out)


def _is_of_type(error: NetSuiteError) -> bool:
    return is_refusal(error) or isinstance(error, NotFound)


def _discovered(name: str, sources: Sources) -> RecordType:
    """A record type as this role can read it.

    Raises:
        RequestRefused: Its ids cannot be read, or nothing tells what its documents look like.
        NetSuiteError: NetSuite could not be asked.
        ExtractionError: Its ids are no integers.
    """
    ids = proven_ids(name, sources.fetch, partial(_can_be_read, sources, name))
    # SuiteQL answered: by it an outage is told from a catalog that fails.
    catalog = partial(
        sources.catalog.schema, wait_out=partial(sampled_ids, ids.table, sources.fetch)
    )
    described, unseen = _description(catalog, name)
    documents, refusal = _documents(sources, name, ids)
    if not described and not documents:
        raise refusal or unseen or NotFound("Nothing describes it, and it has no records.")
    if refusal and not documents:
        logger.warning(
            "None of the %d records of %s that were tried can be read: %s",
            len(ids.sample),
            name,
            said_by(refusal),
        )
    if not described:
        logger.warning(
            "The metadata catalog does not describe %s, so its columns are those of %d documents; "
            "what else others have goes into _sdc_extra. %s",
            name,
            len(documents),
            said_by(unseen) if unseen else "It does not have the type.",
        )
    schema = record_schema(described or {}, partial(_resolved, catalog), documents)
    return RecordType(name, ids.table, schema_of_stream(name, ids.table, schema))


def _description(catalog: _Catalog, name: str) -> tuple[Document | None, NetSuiteError | None]:
    """What the metadata catalog says of a type, or why it does not."""
    try:
        return catalog(name), None
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        logger.info("The metadata catalog does not show %s: %s", name, said_by(error))
        return None, error


def _resolved(catalog: _Catalog, name: str) -> Document | None:
    """What a reference of a schema leads to; None where that is nothing that the role sees."""
    return _description(catalog, name)[0]


def _can_be_read(sources: Sources, name: str, ids: Ids) -> bool:
    first = replace(ids, rows=ids.rows[:1])
    return bool(_documents(sources, name, first)[0])


def _documents(
    sources: Sources, name: str, ids: Ids
) -> tuple[list[Document], NetSuiteError | None]:
    """The first documents of some records that do not refuse, and the first refusal."""
    others = partial(keys_of_some, ids.table, sources.fetch)
    documents: list[Document] = []
    refusal: NetSuiteError | None = None
    for key in ids.sample:
        if len(documents) == _DOCUMENTS:
            break
        try:
            documents.append(sources.read(name, key, others))
        except NetSuiteError as error:
            if not is_refused(error):
                raise
            refusal = refusal or error
    return documents, refusal


def _reason(name: str, error: TapNetSuiteError, catalog: RecordCatalog) -> str:
    """Why a record type cannot be read, and what to do about it, in sentences."""
    words = error.detail if isinstance(error, NetSuiteError) else ""
    said = short(words) if words else str(error)
    try:
        names = catalog.names()
    except NetSuiteError:
        names = frozenset()
    if name not in names and (types := types_within(name)):
        return (
            f"{name} is no record type: its rows are records of several, each of which is named by "
            f"itself: {', '.join(types)} and others."
        )
    if name in names or (is_known(name) and not names):
        return (
            f"{said} SuiteQL has to tell the ids of its records: give the role the permissions of "
            f"the type and SuiteAnalytics Workbook ({ROLE}). Some types SuiteQL does not have."
        )
    first = ways_to_ids(name)[0]
    opened_by = f" The permission: {' or '.join(first.permissions)}." if first.permissions else ""
    near = [
        *({first.source} & names),
        *near_names(name, {*names, *known_types()} - {name, first.source}),
    ]
    like_it = f" Types like it: {', '.join(near)}." if near else ""
    return (
        f"{said} NetSuite's catalog of records does not have the type for this role: it may be "
        f"written otherwise, want a feature of the account, or a permission of the role ({ROLE})."
        f"{opened_by}{like_it}"
    )
