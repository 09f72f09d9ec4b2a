"""Whether the services are open by which the tap reads: REST web services, and SuiteQL."""

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding, failed, passed
from tap_netsuite_tba.check.login import FIRST_TABLE
from tap_netsuite_tba.explanations import cause
from tap_netsuite_tba.netsuite.errors import LoginRefused, RequestRefused, said_by
from tap_netsuite_tba.netsuite.metadata import RecordCatalog

_OTHER_TABLES = ("customer", "item", "transaction", "employee", "accountingperiod")
"""A role that reads anything at all reads one of these."""


def check_rest(case: Case) -> Finding:
    """Read NetSuite's catalog of records."""
    try:
        case.record_types = RecordCatalog(case.client.get).names()
    except LoginRefused:
        raise  # no word on this service
    except RequestRefused as refusal:
        words = said_by(refusal).rstrip(".")
        if not case.probes[FIRST_TABLE].is_readable:
            return failed(words, cause("no_rest_permission"), cause("rest_disabled"))
        # SuiteQL is one of these services, and has answered.
        return passed(
            "REST web services answer",
            f"The catalog of records does not, so custom records are known less well: {words}",
            record_types=None,
        )
    number = len(case.record_types)
    return passed(f"REST web services answer, with {number:,} record types", record_types=number)


def check_suiteql(case: Case) -> Finding:
    """Read a table: without SuiteAnalytics Workbook all of them are refused, or not found."""
    probes = case.probe([FIRST_TABLE])
    if not probes[FIRST_TABLE].is_readable:
        probes = case.probe([FIRST_TABLE, *_OTHER_TABLES])
    readable = [probe.table for probe in probes.values() if probe.is_readable]
    if readable:
        return passed("SuiteQL answers")
    return failed(
        f"SuiteQL answers for none of {len(probes)} tables. {probes[FIRST_TABLE].said}",
        cause("no_workbook"),
    )
