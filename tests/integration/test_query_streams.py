"""The user's own queries as streams: what a run asks, emits and remembers."""

import math
from collections.abc import Iterator
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.integration.query_streams import KINDS, ORDERS, TOTALS, asked, only, records, settings
from tests.integration.streams import run
from tests.tap_process import discover, run_tap


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=2_500) as account:
        yield account


@pytest.fixture(scope="module")
def catalog(account: Simulator) -> dict[str, Any]:
    return discover(settings(account, TOTALS, ORDERS, KINDS))


def test_a_catalog_and_the_settings_are_enough_to_read(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    with asked(account) as texts:
        messages, code, log = run_tap(settings(account, TOTALS, ORDERS, KINDS), catalog=catalog)
    assert code == 0, log
    for stream, truth in {
        "totals": "SELECT count(DISTINCT transaction) FROM transactionline",
        "orders": "SELECT count(*) FROM transaction WHERE type = 'SalesOrd'",
        "kinds": "SELECT count(*) FROM (SELECT DISTINCT type, status FROM transaction)",
    }.items():
        assert [len(records(messages, stream))] == [n for (n,) in account.sql(truth)]
    assert not [text for text in texts if "IS NULL AND" in text or "COUNT(DISTINCT" in text]


def test_an_aggregate_is_run_once_a_page_and_little_more(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    alone, ahead = (TOTALS,), (KINDS, ORDERS, TOTALS)
    for queries, more in ((alone, 2), (ahead, 3)):
        names = [str(query["name"]) for query in queries]
        with asked(account) as texts:
            messages, _, _ = run_tap(settings(account, *queries), catalog=only(catalog, *names))
        rows = records(messages, "totals")
        runs = [text for text in texts if "SUM(l.foreignamount)" in text]
        assert len(rows) > 2_000
        assert len(runs) <= math.ceil(len(rows) / 1_000) + more
        assert not [text for text in runs if "ROW_NUMBER" in text]


def test_one_whose_key_is_a_column_of_one_table_is_planned(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    every = ORDERS | {"query": str(ORDERS["query"]).partition(" WHERE ")[0]}
    with asked(account) as texts:
        messages, code, log = run_tap(settings(account, every), catalog=only(catalog, "orders"))
    assert code == 0, log
    assert len(records(messages, "orders")) == 2_500
    assert [text for text in texts if "ROW_NUMBER" in text]


def test_one_that_breaks_off_goes_on_where_it_was(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    config = settings(account, TOTALS, retry_timeout_seconds=0)
    account.faults.add(Fault(FaultKind.REFUSED, text="t.id > ", skip=1, times=None))
    try:
        first, code, log = run_tap(config, catalog=only(catalog, "totals"))
    finally:
        account.faults.clear()
    assert code == 1, log
    state = [message["value"] for message in first if message["type"] == "STATE"][-1]
    second, code, log = run_tap(config, state=state, catalog=only(catalog, "totals"))
    assert code == 0, log
    ids = [row["id"] for row in records(first, "totals") + records(second, "totals")]
    assert 0 < len(records(second, "totals")) < len(ids)
    assert sorted(ids) == [id_ for (id_,) in account.sql("SELECT id FROM transaction ORDER BY 1")]


def test_a_full_reading_tells_the_target_to_let_go_of_other_rows(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    messages, _, _ = run_tap(settings(account, TOTALS, ORDERS, KINDS), catalog=catalog)
    activated = [m["stream"] for m in messages if m["type"] == "ACTIVATE_VERSION"]
    assert sorted(activated) == ["kinds", "totals"]


def test_one_with_a_replication_key_reads_what_changed(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    config = settings(account, ORDERS, lookback_seconds=0)
    messages, code, log = run_tap(config, catalog=only(catalog, "orders"))
    assert code == 0, log
    state = [message["value"] for message in messages if message["type"] == "STATE"][-1]
    account.churn.edit(40)
    [(start,)] = [(state["bookmarks"]["orders"]["replication_key_value"],)]
    later, code, log = run_tap(config, state=state, catalog=only(catalog, "orders"))
    assert code == 0, log
    changed = records(later, "orders")
    assert 0 < len(changed) <= 40
    assert min(row["changed"] for row in changed) >= start


def test_one_that_was_changed_is_read_anew(account: Simulator, catalog: dict[str, Any]) -> None:
    def rows(text: str, state: dict[str, Any] | None = None) -> tuple[int, dict[str, Any], str]:
        config = settings(account, ORDERS | {"query": text}, lookback_seconds=0)
        messages, code, log = run_tap(config, state=state, catalog=only(catalog, "orders"))
        assert code == 0, log
        states = [message["value"] for message in messages if message["type"] == "STATE"]
        return len(records(messages, "orders")), states[-1], log

    text = str(ORDERS["query"])
    first, state, _ = rows(text)
    laid_out = text.replace(" FROM", "\n  FROM /* all */") + ";"
    again, state, log = rows(laid_out, state)
    assert again < first
    assert "another" not in log
    wider = text.replace("= 'SalesOrd'", "IN ('SalesOrd', 'CustInvc')")
    anew, state, log = rows(wider, state)
    assert anew > first
    assert "The query orders, or how it is read, is another than in its last run" in log
    blanks, others = (f"{wider} AND t.memo <> '{memo}'" for memo in ("a  b", "a b"))
    _, state, _ = rows(blanks, state)
    assert "is another than in its last run" in rows(others, state)[2]
    assert "is another than" not in rows(blanks, state)[2]


def test_one_that_is_refused_in_a_run_says_why(account: Simulator, catalog: dict[str, Any]) -> None:
    limited = ORDERS | {"query": f"{ORDERS['query']} LIMIT 5"}
    _, code, log = run_tap(settings(account, limited), catalog=only(catalog, "orders"))
    assert code == 1
    assert "SuiteQL has no LIMIT." in log


def test_a_value_that_does_not_fit_fails_its_stream_with_a_remedy_that_works(
    account: Simulator,
) -> None:
    late = {
        "name": "late",
        "query": (
            "SELECT t.id, CASE WHEN t.id = 1200 THEN 'A-1' ELSE TO_CHAR(t.id) || '' END AS code "
            "FROM transaction t WHERE t.id <= 2400"
        ),
        "primary_keys": ["id"],
    }
    failed = run(account, queries=[late])
    assert failed.code == 1
    assert 'set column_types to {"late.code": "string"}' in failed.log
    mended = run(account, queries=[late], column_types={"late.code": "string"})
    assert mended.code == 0, mended.log
    assert {row["code"] for row in mended.rows["late"]} >= {"A-1", "7"}


def test_what_was_discovered_is_remembered_as_long_as_the_query_is_the_same(
    account: Simulator,
) -> None:
    def times(query: dict[str, Any]) -> int:
        with asked(account) as texts:
            assert run(account, queries=[query], discovery_cache_seconds=3600).code == 0
        return len(texts)

    first = times(KINDS)
    assert times(KINDS) == 1
    other = KINDS | {"query": str(KINDS["query"]).replace("t.status", "t.entity")}
    assert times(other) >= first


def test_deselected_columns_stay_out(account: Simulator, catalog: dict[str, Any]) -> None:
    chosen = only(catalog, "totals")
    for entry in chosen["streams"][0]["metadata"]:
        if entry["breadcrumb"] == ["properties", "amount"]:
            entry["metadata"]["selected"] = False
    messages, code, log = run_tap(settings(account, TOTALS), catalog=chosen)
    assert code == 0, log
    assert records(messages, "totals")[0].keys() == {"id", "n"}
