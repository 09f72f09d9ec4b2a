import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from tap_netsuite_tba.simulator import Churn, Simulator
from tap_netsuite_tba.simulator.command import simulator
from tests.simulator.client import column, rows

BORN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEWEST = "SELECT id FROM transaction ORDER BY id DESC"
CHANGED = (
    "SELECT id FROM transaction WHERE SYS_EXTRACT_UTC(lastmodifieddate) >"
    " TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS') ORDER BY id ASC"
)
UNBALANCED = """
    SELECT transaction FROM transactionline GROUP BY 1
    HAVING sum(foreignamount) <> 0 OR sum(netamount) <> 0
    UNION ALL
    SELECT transaction FROM transactionaccountingline GROUP BY transaction, accountingbook
    HAVING sum(amount) <> 0
    UNION ALL
    SELECT t.id FROM transaction AS t JOIN transactionline AS l ON l.transaction = t.id
    WHERE mainline = 'T' AND foreignamount <> foreigntotal
    UNION ALL
    SELECT a.transaction FROM transactionaccountingline AS a LEFT JOIN transactionline AS l
         ON l.transaction = a.transaction AND l.id = transactionline
    WHERE l.netamount IS DISTINCT FROM a.amount
    UNION ALL
    SELECT coalesce(t.id, l.transaction) FROM transaction AS t
    FULL JOIN transactionline AS l ON l.transaction = t.id WHERE t.id IS NULL OR l.id IS NULL
"""


@pytest.fixture(name="shared", scope="module")
def _shared() -> Iterator[Simulator]:
    with Simulator(1_000, born=BORN) as account:
        account.clock.set(BORN)
        yield account


@pytest.fixture(name="account")
def _account(shared: Simulator) -> Iterator[Simulator]:
    """The account two hours after the test before; its documents are whole at the end."""
    shared.clock.advance(7200)
    yield shared
    assert shared.sql(UNBALANCED) == []


@pytest.fixture(scope="module")
def worn() -> Iterator[Simulator]:
    """An account of its own for many deeds: they leave hardly a line that can be removed."""
    with Simulator(1_000, born=BORN) as account:
        yield account


def recently(account: Simulator) -> str:
    """Return the instant an hour ago, after all other tests."""
    return f"{account.clock.now() - timedelta(hours=1):%Y-%m-%d %H:%M:%S}"


def changed(account: Simulator) -> list[int]:
    return [int(key) for key in column(account, CHANGED, recently(account))]


def lines_of(account: Simulator, keys: list[int]) -> list[tuple[int, datetime]]:
    return account.sql(
        "SELECT transaction, linelastmodifieddate FROM transactionline"
        " WHERE list_contains(?, uniquekey)",
        [keys],
    )


def test_edits_move_the_modification_date_and_the_amounts_of_orders(account: Simulator) -> None:
    before = dict(account.sql("SELECT id, foreigntotal FROM transaction WHERE posting = 'F'"))
    posted = dict(account.sql("SELECT id, foreigntotal FROM transaction WHERE posting = 'T'"))
    edited = account.churn.edit(100)
    after = dict(account.sql("SELECT id, foreigntotal FROM transaction"))
    assert changed(account) == edited
    assert len(edited) == 100
    assert {key for key, total in before.items() if after[key] != total} == before.keys() & {
        *edited
    }
    assert all(after[key] == total for key, total in posted.items())


def test_new_transactions_have_the_highest_ids(account: Simulator) -> None:
    [newest] = column(account, NEWEST, limit=1)[:1]
    entered = account.churn.insert(50)
    assert changed(account) == entered
    assert len(entered) == 50
    assert entered[0] > int(newest)


def test_a_late_commit_says_an_older_time_and_lies_below_the_newest(account: Simulator) -> None:
    [newest] = column(account, NEWEST, limit=1)[:1]
    late = account.churn.commit_late(10, seconds=1200)
    said = account.sql(
        "SELECT DISTINCT createddate, lastmodifieddate FROM transaction WHERE list_contains(?, id)",
        [late],
    )
    twenty_minutes_ago = (account.clock.now() - timedelta(seconds=1200)).replace(tzinfo=None)
    assert changed(account) == late
    assert len(late) == 10
    assert late[-1] < int(newest)
    assert all(abs(moment - twenty_minutes_ago).total_seconds() < 60 for moment in said[0])


def test_a_mass_update_puts_thousands_of_rows_on_one_second(account: Simulator) -> None:
    touched = account.churn.mass_update(5_000)
    seconds = account.sql("SELECT lastmodifieddate, count(*) FROM transaction GROUP BY 1")
    assert [count for _, count in seconds] == [len(touched)]
    assert len(touched) > 900


def test_deletes_leave_a_trace_and_take_the_lines_along(account: Simulator) -> None:
    log = "SELECT recordid FROM deletedrecord WHERE recordtypeid = -30 ORDER BY 1"
    before = {key for (key,) in account.sql(log)}
    deleted = account.churn.delete(20)
    assert len(deleted) == 20
    assert {key for (key,) in account.sql(log)} - before == {*deleted}
    assert not {*deleted} & {key for (key,) in account.sql("SELECT id FROM transaction")}


def test_deletes_without_a_trace(account: Simulator) -> None:
    counts = "SELECT (SELECT count(*) FROM transaction), (SELECT count(*) FROM deletedrecord)"
    [(transactions, logged)] = account.sql(counts)
    deleted = account.churn.delete(20, traced=False)
    assert len(deleted) == 20
    assert account.sql(counts) == [(transactions - 20, logged)]


def test_a_removed_line_shows_only_in_its_header(account: Simulator) -> None:
    keys = [key for (key,) in account.sql("SELECT uniquekey FROM transactionline")]
    owners = dict(account.sql("SELECT uniquekey, transaction FROM transactionline"))
    log = account.sql("SELECT count(*) FROM deletedrecord")
    removed = account.churn.remove_lines(30)
    left = [key for (key,) in account.sql("SELECT uniquekey FROM transactionline")]
    assert {*keys} - {*left} == {*removed}
    assert len(removed) == 30
    assert changed(account) == sorted({owners[key] for key in removed})
    assert account.sql("SELECT count(*) FROM deletedrecord") == log


def test_a_line_changes_without_its_header(account: Simulator) -> None:
    edited = account.churn.edit_lines(10)
    lines = lines_of(account, edited)
    assert len(lines) == 10
    assert {*lines} <= {
        *account.sql(
            "SELECT transaction, linelastmodifieddate FROM transactionline"
            " WHERE linelastmodifieddate > ?::TIMESTAMP",
            [recently(account)],
        )
    }
    assert changed(account) == []


@pytest.mark.parametrize(
    ("table", "cursor"),
    [
        ("customer", "lastmodifieddate"),
        ("item", "lastmodifieddate"),
        ("customrecord_vehicle", "lastmodified"),
        ("customrecord_quality_check", "lastmodified"),
    ],
)
def test_other_records_are_edited_too(account: Simulator, table: str, cursor: str) -> None:
    since = f"SELECT id FROM {table} WHERE {cursor} > ?::TIMESTAMP ORDER BY 1"  # noqa: S608  # ours
    edited = account.churn.edit(5, table)
    assert [key for (key,) in account.sql(since, [recently(account)])] == edited
    assert account.sql(f"SELECT count(*) > 5 FROM {table}") == [(True,)]  # noqa: S608  # ours
    assert len(account.churn.mass_update(10, table)) == 10


def test_custom_records_are_deleted_and_logged(account: Simulator) -> None:
    deleted = account.churn.delete(5, "customrecord_quality_check")
    logged = account.sql(
        "SELECT recordid FROM deletedrecord WHERE scriptid = 'customrecord_quality_check'"
        " AND deleteddate > ?::TIMESTAMP ORDER BY 1",
        [recently(account)],
    )
    assert [key for (key,) in logged] == deleted
    assert len(deleted) == 5


@pytest.mark.parametrize(
    "deeds",
    [
        ("insert", "edit", "remove_lines", "delete"),
        ("commit_late", "remove_lines", "edit", "edit_lines", "commit_late", "delete"),
        ("delete", "insert", "edit_lines", "remove_lines", "edit", "insert"),
    ],
)
@pytest.mark.parametrize("count", [0, 1, 70])
def test_one_deed_after_the_other_leaves_documents_whole(
    worn: Simulator, deeds: tuple[str, ...], count: int
) -> None:
    for deed in deeds:
        fallen = getattr(worn.churn, deed)(count)
        assert len(fallen) <= count
        assert fallen == sorted({*fallen})
        assert worn.sql(UNBALANCED) == []


def test_tables_that_do_not_change_are_refused(account: Simulator) -> None:
    with pytest.raises(ValueError, match=r"table is one of transaction, customer, .*'currency'"):
        account.churn.edit(1, "currency")
    with pytest.raises(ValueError, match="transaction, customrecord_quality_check, not 'item'"):
        account.churn.delete(1, "item")


def test_the_id_of_what_was_deleted_never_comes_again() -> None:
    with Simulator(1_000, born=BORN) as account:
        entered = account.churn.insert(50)
        late = account.churn.commit_late(50)
        # Nothing else can be deleted than what was entered.
        account.sql("UPDATE transactionline SET createdfrom = 1 WHERE transaction < ?", [late[0]])
        gone = account.churn.delete(1_000, traced=False)
        again = [*account.churn.insert(20), *account.churn.commit_late(20)]
    assert {*gone} <= {*entered, *late}
    assert len(gone) == 100
    assert not {*gone} & {*again}


def test_the_same_seed_falls_on_the_same_rows() -> None:
    fallen = []
    for seed in (3, 3, 4):
        with Simulator(1_000, seed, born=BORN) as account:
            account.clock.set(BORN + timedelta(hours=1))
            churn = account.churn
            fallen.append([churn.edit(9), churn.insert(9), churn.delete(9), churn.remove_lines(9)])
    assert fallen[0] == fallen[1]
    assert all(first != other for first, other in zip(fallen[0], fallen[2], strict=True))


def test_churn_goes_on_by_itself_at_its_rates_per_minute() -> None:
    rates = "inserts=30,late=6,edits=60,records=10,mass=0.1,deletes=6,untraced=1,lines=10,quiet=5"
    with Simulator(1_000, born=BORN, churn=Churn.of(rates)) as account:
        account.clock.set(BORN)
        assert changed(account) == []
        log = (
            "SELECT count(*), count(DISTINCT deleteddate) FROM deletedrecord WHERE deleteddate > ?"
        )
        start = [BORN.replace(tzinfo=None)]
        assert account.sql(log, start) == [(0, 0)]
        account.clock.advance(600.5)
        [counted] = rows(account, "SELECT COUNT(*) AS n FROM transaction")
        # 300 are new and 60 late; 70 deletions are shared with the custom records.
        assert 1_000 + 360 - 70 <= int(counted["n"]) <= 1_000 + 360 - 30
        assert account.sql(log, start) == [(60, 60)]
        since = "SELECT count(*) FROM transaction WHERE createddate <= ? AND lastmodifieddate > ?"
        assert account.sql(since, start * 2)[0][0] > 500  # what the mass update touched
        assert rows(account, "SELECT COUNT(*) AS n FROM transaction") == [counted]
        assert account.sql(UNBALANCED) == []


def test_a_reader_sees_all_of_a_step_or_nothing() -> None:
    apart = (
        "SELECT COUNT(*) AS n FROM transaction t WHERE NOT EXISTS"
        " (SELECT 1 FROM transactionline l WHERE l.transaction = t.id)"
    )
    headers = "SELECT COUNT(*) AS n FROM transaction"
    with Simulator(1_000, born=BORN) as account:

        def work() -> None:
            for _ in range(8):
                account.churn.insert(100)
                account.churn.delete(100)

        worker = threading.Thread(target=work)
        worker.start()
        counts = set()
        while worker.is_alive():
            assert column(account, apart) == ["0"]
            counts.update(column(account, headers))
        worker.join()
    assert counts <= {"1000", "1100"}


def test_an_account_is_alive_or_has_churn() -> None:
    with pytest.raises(ValueError, match="alive cannot have churn"):
        Simulator(1_000, alive=True, churn=Churn(edits=1))
    for account in (Simulator(1_000, alive=True), Simulator(company=False)):
        with pytest.raises(RuntimeError, match="company that is not alive"):
            _ = account.churn


def test_a_late_commit_is_not_of_the_future(account: Simulator) -> None:
    with pytest.raises(ValueError, match="a late commit is 0 seconds late or more, not -1"):
        account.churn.commit_late(1, seconds=-1)


def test_rates_are_read_from_a_text() -> None:
    assert Churn.of("edits=60, deletes=0.5") == Churn(edits=60, deletes=0.5)
    assert all(rate > 0 for rate in vars(Churn.of("on")).values())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("often", "churn is on, or name=events per minute with edits, records, inserts, late, "),
        ("", "not ''"),
        ("edits", "churn edits is a number of events per minute, not ''"),
        ("edits=ten", "churn edits is a number of events per minute, not 'ten'"),
        ("edits=-1", "churn edits is 0 to 60,000 events per minute, not -1.0"),
        ("edits=nan", "not nan"),
        ("edits=inf", "not inf"),
        ("lines=1,rows=2", "not 'rows=2'"),
    ],
)
def test_a_wrong_rate_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Churn.of(text)
    result = CliRunner().invoke(simulator, ["--churn", text])
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output
