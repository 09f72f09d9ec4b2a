import pytest

from tests.simulator.company.conftest import Ask


def test_customers_vendors_and_employees_share_one_numbering(ask: Ask) -> None:
    together = """
        SELECT count(*), count(DISTINCT id) FROM (
            SELECT id FROM customer UNION ALL SELECT id FROM vendor
            UNION ALL SELECT id FROM employee
        )
    """
    [(rows, ids)] = ask(together)

    assert rows == ids


def test_netsuites_own_rows_have_negative_ids_and_little_else(ask: Ask) -> None:
    assert ask("SELECT id, lastmodifieddate FROM employee WHERE id < 0") == [(-5, None)]
    assert ask("SELECT id, companyname FROM vendor WHERE id < 0") == [(-3, None)]
    assert ask("SELECT id, lastmodifieddate FROM customer WHERE id < 0") == [(-2, None)]
    assert ask("SELECT id, lastmodifieddate FROM item WHERE id < 0 ORDER BY 1") == [
        (-7, None),
        (-2, None),
    ]


def test_people_have_no_company_name_and_companies_no_first_name(ask: Ask) -> None:
    named = """
        SELECT DISTINCT isperson, companyname IS NULL, firstname IS NULL FROM customer
        WHERE id > 0 ORDER BY 1
    """
    assert ask(named) == [("F", False, True), ("T", True, False)]


def test_names_are_of_several_scripts(ask: Ask) -> None:
    names = "".join(name for (name,) in ask("SELECT entityid FROM customer"))

    for first, last in ("Àÿ", "Ͱӿ", "一龯"):
        assert any(first <= letter <= last for letter in names)


def test_customers_are_older_than_their_transactions(ask: Ask) -> None:
    early = """
        SELECT t.id FROM transaction AS t JOIN customer AS c ON c.id = entity
        WHERE t.createddate < c.datecreated
    """
    assert ask(early) == []


def test_subsidiaries_have_several_countries_currencies_and_a_parent(ask: Ask) -> None:
    houses = """
        SELECT count(DISTINCT country) >= 5, count(DISTINCT currency) >= 5,
               count(*) FILTER (parent IS NULL) = 1, count(*) FILTER (iselimination = 'T') = 1
        FROM subsidiary
    """
    assert ask(houses) == [(True, True, True, True)]


@pytest.mark.parametrize(
    "table",
    ["subsidiary", "department", "account", "item", "customer", "accountingperiod"],
)
def test_every_parent_exists(ask: Ask, table: str) -> None:
    orphans = "SELECT id FROM {table} WHERE parent NOT IN (SELECT id FROM {table})"

    assert ask(orphans, table=table) == []
