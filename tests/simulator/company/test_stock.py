"""What lies where."""

from tests.simulator.company.conftest import Ask


def test_the_stock_of_an_items_locations_adds_up_to_the_items(ask: Ask) -> None:
    differing = """
        SELECT i.id FROM item i LEFT JOIN inventoryitemlocations l ON l.item = i.id
        GROUP BY ALL
        HAVING sum(l.quantityonhand) IS DISTINCT FROM any_value(i.totalquantityonhand)
    """
    assert ask(differing) == []


def test_most_locations_have_nothing_of_an_item(ask: Ask) -> None:
    counted = """
        SELECT count(*) > 2 * count(quantityonhand), bool_and(quantityavailable
               + quantitycommitted = quantityonhand) FROM inventoryitemlocations
    """
    assert ask(counted) == [(True, True)]
