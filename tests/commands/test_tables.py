"""What `netsuite-tba tables` shows of an account, against the simulator."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tap_netsuite_tba.cli import main
from tap_netsuite_tba.simulator import ColumnRefusal, Fault, FaultKind, Simulator
from tests.tap_process import configuration

LISTED = {
    "name",
    "group",
    "description",
    "rows",
    "key",
    "cursor",
    "columns",
    "custom_columns",
    "refused",
}
"""The keys of a table in the JSON of a list."""


@pytest.fixture(scope="module")
def company() -> Iterator[Simulator]:
    with Simulator(transactions=1_000) as account:
        yield account


@pytest.fixture
def account(company: Simulator) -> Iterator[Simulator]:
    """The company, which has its first role again after each test."""
    yield company
    company.role = "administrator"
    company.faults.clear()


class Command:
    """The command, with the settings that lead to an account."""

    def __init__(self, account: Simulator, folder: Path, **settings: object) -> None:
        self.config = configuration(account, **{"tables": ["*"], **settings})
        self._file = folder / "config.json"

    def __call__(self, *arguments: str) -> Result:
        self._file.write_text(json.dumps(self.config))
        line = ["tables", "--config", str(self._file), *arguments]
        return CliRunner().invoke(main, line)

    def json(self, *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - any JSON
        done = self("--json", *arguments)
        assert done.exit_code == code, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def tables(account: Simulator, tmp_path: Path) -> Command:
    return Command(account, tmp_path)


def count(account: Simulator, table: str) -> int:
    [(rows,)] = account.sql(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - a test's own
    return int(rows)


def row(text: str, name: str) -> list[str]:
    """The words of the line that begins with a name."""
    [words] = [line.split() for line in text.splitlines() if line.split()[:1] == [name]]
    return words


def test_each_table_is_listed_with_what_a_person_asks_of_it(
    account: Simulator, tables: Command
) -> None:
    tables.config["records"] = ["salesorder"]
    shown, _, more = tables().stdout.partition("\nRecord types, to read as documents ")
    rows = f"{count(account, 'transaction'):,}"
    columns = ["84", "+", "8", "custom"]
    assert row(shown, "transaction")[:6] == ["transaction", rows, *columns]
    assert row(shown, "transaction")[6:] == ["id", "lastmodifieddate", "core"]
    assert row(shown, "transactionline")[-3:] == ["id", "_sdc_parent_modified_at", "core"]
    assert row(shown, "customrecord_vehicle")[-1] == "custom"
    assert {"creditmemo,", "salesorder,", "vendorbill,"} <= set(row(more, "transaction"))
    assert {"customer,", "customrecord_vehicle,"} <= set(row(more, "the"))
    assert "\nThe setting records names salesorder.\n" in more
    assert "    select:\n    - account.*\n" in more
    assert "    - customrecord_vehicle.*\n" in more
    assert "- contact.*" not in more
    assert "Asked for only if named: companyfeaturesetup, customfield" in shown


def test_records_and_queries_of_the_settings_are_offered_beside_tables(
    account: Simulator, tmp_path: Path
) -> None:
    query = {"name": "open_orders", "query": "SELECT id FROM transaction", "primary_keys": ["id"]}
    tables = Command(account, tmp_path, tables=[], records=["salesorder"], queries=[query])
    shown = tables("customer", "vendor").stdout
    select = ["customer.*", "vendor.*", "record_*.*", "unreadable_*.*", "open_orders.*"]
    assert "    select:\n" + "".join(f"    - {name}\n" for name in select) in shown
    assert "add them there, too: customer, vendor." in shown
    assert tables.json("customer", "vendor")["select"] == select


def test_what_a_role_lacks_is_listed_with_its_remedy(account: Simulator, tables: Command) -> None:
    account.role = "crippled"
    done = tables("--no-count")
    assert done.exit_code == 0
    assert row(done.stdout, "employee") == ["employee", "Lists", ">", "Employees"]
    assert "Lists > Currency " in done.stdout
    assert "Multiple Currencies (Company)" in done.stdout
    assert "NetSuite says: Record '…' was not found." in done.stdout
    assert "Setup > Users/Roles > Manage Roles" in done.stdout
    assert "The role does not see NetSuite's customfield" in done.stdout
    assert "Permission to give: Setup > Custom Fields." in done.stdout
    assert "rows" not in done.stdout.splitlines()[0]
    assert done.stderr == ""


def test_the_list_is_one_json_document(account: Simulator, tables: Command) -> None:
    account.role = "crippled"
    listed = tables.json("item", "customlist*", "employee", "--no-count", code=1)
    assert listed.keys() == {
        *("tables", "unreadable", "unseen", "not_asked", "record_types", "select")
    }
    assert listed["record_types"] == []
    [item] = listed["tables"]
    assert item.keys() == LISTED
    assert item["name"] == "item"
    assert item["rows"] is None
    assert item["key"] == ["id"]
    assert {refused["name"] for refused in item["refused"]} == {
        "averagecost",
        "department",
        "lastpurchaseprice",
    }
    [employee] = listed["unreadable"]
    assert employee["permissions"] == ["Lists > Employees"]
    assert "was not found" in employee["reason"]
    assert {"customfield", "customlist"} <= {each["name"] for each in listed["unseen"]}
    assert listed["select"] == ["item.*"]


def test_the_list_has_the_counts_of_rows(account: Simulator, tables: Command) -> None:
    listed = tables.json("customer*", "map_*")["tables"]
    assert len(listed) > 4
    assert {t["name"]: t["rows"] for t in listed} == {
        t["name"]: count(account, t["name"]) for t in listed
    }


def test_a_table_that_cannot_be_counted_is_listed_all_the_same(
    account: Simulator, tables: Command
) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, text="COUNT(*)", times=None))
    done = tables("currency", "term")
    assert row(done.stdout, "currency")[1] == "?"
    assert "Warning: The rows of currency could not be counted." in done.stderr


def test_one_name_shows_its_columns(account: Simulator, tables: Command) -> None:
    account.refuse("item", "averagecost", ColumnRefusal.NOT_EXPOSED)
    shown = tables("Item").stdout
    assert shown.startswith("item  ")
    assert row(shown, "rows") == ["rows", str(count(account, "item"))]
    assert row(shown, "lastmodifieddate") == ["lastmodifieddate", "date-time", "shipped"]
    assert row(shown, "custitem_certificates") == [
        *("custitem_certificates", "array", "custom", "field"),
        *("customlist_certificate", "Certificates"),
    ]
    words = "Field 'averagecost' for record 'item' was not found. Reason: NOT_EXPOSED."
    assert row(shown, "averagecost")[1:] == words.split()


def test_one_name_is_one_json_document(account: Simulator, tmp_path: Path) -> None:
    tables = Command(
        account,
        tmp_path,
        column_types={"currency.symbol": "string", "item.itemid": "string"},
        include_labels=["customrecord_vehicle.*driver"],
    )
    vehicle = tables.json("customrecord_vehicle")
    assert vehicle.keys() == LISTED - {"custom_columns"} | {"unseen"}
    assert vehicle["rows"] == count(account, "customrecord_vehicle")
    columns = {column["name"]: column for column in vehicle["columns"]}
    assert columns["custrecord_vehicle_driver"] == {
        "name": "custrecord_vehicle_driver",
        "type": "integer",
        "custom": True,
        "source": "custom field",
        "title": "Driver",
        "description": columns["custrecord_vehicle_driver"]["description"],
        "references": "employee",
        "label_of": None,
        "has_time_zone": True,
    }
    label = columns["custrecord_vehicle_driver_label"]
    assert (label["label_of"], label["source"]) == ("custrecord_vehicle_driver", "tap")


def test_one_table_of_a_role_that_is_blind_says_what_may_be_missing(
    account: Simulator, tables: Command
) -> None:
    account.role = "crippled"
    shown = tables("item", "--no-count").stdout
    assert "3 refused: a permission or a feature may be wanting" in shown
    assert "The role does not see NetSuite's customfield" in shown


def test_the_settings_say_what_is_named_and_what_a_sync_leaves_out(
    account: Simulator, tmp_path: Path
) -> None:
    tables = Command(account, tmp_path, tables=["currency", "term"])
    done = tables("currency", "item", "--no-count")
    assert "The setting tables leaves these out, so add them there, too: item." in done.stdout


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("employee", "Give the role the permission Lists > Employees"),
        ("customrecord_vehicel", "Give the role the permission Lists > Custom Record Entries"),
        ("currencie", "Tables with names like it: currency"),
        ("salesorder", "its records are rows of transaction"),
    ],
)
def test_why_a_table_is_not_there_is_a_sentence(
    account: Simulator, tables: Command, name: str, says: str
) -> None:
    account.role = "crippled"
    done = tables(name)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert says in done.stderr


def test_a_custom_record_by_a_wrong_name_is_told_its_like(tables: Command) -> None:
    error = tables("customrecord_vehicel").stderr
    assert "Tables with names like it: customrecord_vehicle" in error
    assert "permission" not in error


def test_a_pattern_that_fits_nothing_is_told_its_like(tables: Command) -> None:
    done = tables("curr*ncies")
    assert done.exit_code == 1
    assert "'curr*ncies' fits no table; near it: currency" in done.stderr


def test_one_of_several_named_tables_that_cannot_be_read_makes_the_exit_code_1(
    account: Simulator, tables: Command
) -> None:
    account.role = "crippled"
    done = tables("item", "employee", "vendr", "--no-count")
    assert done.exit_code == 1
    assert row(done.stdout, "item")
    assert row(done.stdout, "employee")
    assert row(done.stdout, "vendr")[:2] == ["vendr", "vendor,"]


def test_a_refused_login_shows_no_secret(tables: Command) -> None:
    tables.config["token_secret"] = "fake-wrong-secret"
    done = tables("currency")
    assert done.exit_code == 1
    assert "NetSuite refused the login" in done.stderr
    for name in ("consumer_key", "consumer_secret", "token_id", "token_secret"):
        assert tables.config[name] not in done.output


def test_it_never_believes_what_was_discovered_before(account: Simulator, tables: Command) -> None:
    assert tables("currency").exit_code == 0
    account.refuse("currency", "displaysymbol", ColumnRefusal.NOT_EXPOSED)
    assert [r["name"] for r in tables.json("currency")["refused"]] == ["displaysymbol"]
