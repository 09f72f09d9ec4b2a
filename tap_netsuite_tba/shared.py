"""What the streams of one run share."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tap_netsuite_tba.extraction.ahead import ReadAhead
from tap_netsuite_tba.extraction.deletes import DeletionLog
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.netsuite.records import RecordService
from tap_netsuite_tba.progress import Report
from tap_netsuite_tba.settings import Settings


@dataclass(frozen=True)
class Run:
    """What the streams of one run share.

    Attributes:
        fetch: Gives the way to NetSuite, which is opened when it is first wanted.
        records: Likewise the way to its records.
    """

    settings: Settings
    fetch: Callable[[], Fetch]
    records: Callable[[], RecordService]
    workers: Workers
    ahead: ReadAhead
    report: Report
    deletion_log: DeletionLog = field(default_factory=DeletionLog)
