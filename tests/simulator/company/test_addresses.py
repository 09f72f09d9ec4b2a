import pytest

from tests.simulator.company.conftest import Ask

PLACES = (
    "customeraddressbookentityaddress",
    "entityaddress",
    "locationmainaddress",
    "subsidiarymainaddress",
    "transactionbillingaddress",
    "transactionshippingaddress",
    "vendoraddressbookentityaddress",
)


@pytest.mark.parametrize("table", PLACES)
def test_an_address_has_a_town_a_country_and_all_of_it_in_one_text(ask: Ask, table: str) -> None:
    whole = """
        SELECT count(*) > 0, count(DISTINCT country) > 3,
               bool_and(contains(addrtext, addr1 || E'\r\n') AND contains(addrtext, city))
        FROM {table}
    """
    assert ask(whole, table=table) == [(True, True, True)]


def test_a_party_lives_where_its_subsidiary_is(ask: Ask) -> None:
    abroad = """
        SELECT count(*) FROM customer AS c JOIN subsidiary AS s ON s.id = c.subsidiary
        JOIN entityaddress AS a ON a.nkey = c.defaultbillingaddress WHERE a.country <> s.country
    """
    assert ask(abroad) == [(0,)]


def test_joining_the_address_neither_loses_nor_doubles_a_transaction(ask: Ask) -> None:
    joined = """
        SELECT count(*), count(DISTINCT t.id), count(s.nkey) > 100, count(b.nkey) > 100
        FROM transaction AS t LEFT JOIN transactionshippingaddress AS s ON s.nkey = shippingaddress
        LEFT JOIN transactionbillingaddress AS b ON b.nkey = billingaddress
    """
    assert ask(joined) == [(2_000, 2_000, True, True)]
