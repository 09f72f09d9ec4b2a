import pytest

from tests.simulator.company.conftest import Ask


def test_there_are_as_many_as_asked_for_and_half_as_many_more_lines(ask: Ask) -> None:
    assert ask("SELECT count(*) FROM transaction") == [(2_000,)]
    assert ask("SELECT count(*) BETWEEN 5000 AND 8000 FROM transactionline") == [(True,)]


def test_ids_ascend_with_creation(ask: Ask) -> None:
    disordered = """
        SELECT id FROM transaction
        QUALIFY createddate < lag(createddate) OVER (ORDER BY id)
    """
    assert ask(disordered) == []


def test_ids_are_dense_with_gaps_then_jump_by_millions_then_are_sparse(ask: Ask) -> None:
    steps = """
        SELECT step, count(*) FROM (
            SELECT id - lag(id) OVER (ORDER BY id) AS step FROM transaction
        ) WHERE step IS NOT NULL GROUP BY 1
    """
    counted: dict[int, int] = dict(ask(steps))

    assert counted[1] > 1_000
    assert counted[2] > 100
    assert [step for step in counted if step > 100] == [max(counted)]
    assert max(counted) > 1_000_000
    assert sum(count for step, count in counted.items() if 2 < step < 100) > 500


def test_line_ids_repeat_in_other_transactions(ask: Ask) -> None:
    assert ask("SELECT count(*) FROM transactionline WHERE id = 0") == [(2_000,)]


def test_mass_updates_put_many_rows_on_one_second(ask: Ask) -> None:
    largest = """
        SELECT count(*) FROM transaction GROUP BY lastmodifieddate ORDER BY 1 DESC LIMIT 3
    """
    assert [count > 40 for (count,) in ask(largest)] == [True, True, True]


def test_nothing_is_of_the_future_or_modified_before_it_was_created(ask: Ask) -> None:
    wrong = """
        SELECT id FROM transaction
        WHERE lastmodifieddate < createddate OR lastmodifieddate > '2026-01-07 10:00:00'
           OR trandate > createddate::DATE
    """
    assert ask(wrong) == []


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ("CustInvc", "SalesOrd"),
        ("CustPymt", "CustInvc"),
        ("VendBill", "PurchOrd"),
        ("VendPymt", "VendBill"),
        ("ItemShip", "SalesOrd"),
        ("ItemRcpt", "PurchOrd"),
    ],
)
def test_documents_follow_one_another(ask: Ask, later: str, earlier: str) -> None:
    links = """
        SELECT count(*), count(e.id), count(DISTINCT e.id),
               bool_and(e.createddate < l.createddate AND e.entity = l.entity)
        FROM transaction AS l
        JOIN transactionline AS main ON main.transaction = l.id AND main.id = 0
        LEFT JOIN transaction AS e ON e.id = main.createdfrom AND e.type = '{earlier}'
        WHERE l.type = '{later}'
    """
    [(documents, linked, distinct, in_order)] = ask(links, later=later, earlier=earlier)

    assert linked == distinct > documents * 0.8
    assert in_order


def test_a_payment_is_of_the_total_of_its_invoice_which_it_settles(ask: Ask) -> None:
    paid = """
        SELECT bool_and(i.foreigntotal = p.foreigntotal AND i.status = 'B'
                        AND i.foreignamountunpaid = 0 AND i.lastmodifieddate >= p.createddate)
        FROM transaction AS p JOIN transactionline AS l ON l.transaction = p.id AND l.id = 1
        JOIN transaction AS i ON i.id = l.createdfrom
        WHERE p.type = 'CustPymt'
    """
    assert ask(paid) == [(True,)]
    unpaid = "SELECT count(*) > 0, bool_and(foreignamountunpaid = foreigntotal) FROM transaction"
    assert ask(unpaid + " WHERE type = 'CustInvc' AND status = 'A'") == [(True, True)]


def test_a_header_repeats_its_main_line(ask: Ask) -> None:
    strangers = """
        SELECT count(*) FROM transaction AS t
        JOIN transactionline AS l ON l.transaction = t.id AND l.mainline = 'T'
        WHERE t.foreigntotal <> l.foreignamount OR t.total <> l.netamount
              OR t.subsidiary <> l.subsidiary OR t.department IS DISTINCT FROM l.department
    """
    assert ask(strangers) == [(0,)]
    assert ask("SELECT count(*) > 0 FROM transaction WHERE total <> foreigntotal") == [(True,)]


def test_parties_items_and_departments_exist(ask: Ask) -> None:
    strangers = """
        SELECT 'entity' FROM transaction WHERE entity NOT IN
            (SELECT id FROM entity)
        UNION ALL
        SELECT 'item' FROM transactionline WHERE item NOT IN (SELECT id FROM item)
        UNION ALL
        SELECT 'department' FROM transactionline
        WHERE department NOT IN (SELECT id FROM department)
        UNION ALL
        SELECT 'employee' FROM transaction WHERE lastmodifiedby NOT IN (SELECT id FROM employee)
    """
    assert ask(strangers) == []


def test_each_type_has_the_letters_that_mean_something_in_it(ask: Ask) -> None:
    nameless = """
        SELECT t.id FROM transaction AS t
        ANTI JOIN transactionstatus AS s ON s.id = t.status AND s.trantype = t.type
    """
    letters = """
        SELECT count(DISTINCT type) >= 15, count(DISTINCT (type, status)) > 35 FROM transaction
    """
    assert ask(nameless) == []
    assert ask(letters) == [(True, True)]


def test_one_customer_has_a_third_of_the_sales(ask: Ask) -> None:
    share = """
        SELECT count(*) / sum(count(*)) OVER () FROM transaction
        WHERE type = 'SalesOrd' GROUP BY entity ORDER BY 1 DESC LIMIT 1
    """
    assert 1 / 3 < ask(share)[0][0] < 1 / 2


def test_texts_hold_what_breaks_careless_readers(ask: Ask) -> None:
    memos = "".join(
        memo for (memo,) in ask("SELECT DISTINCT memo FROM transaction WHERE memo <> ''")
    )

    assert all(piece in memos for piece in ("\r\n", '"', "'", "\\", "€", "見", " leading"))


def test_most_memos_are_null(ask: Ask) -> None:
    assert ask("SELECT count(memo) BETWEEN 1 AND 1000 FROM transaction") == [(True,)]


def test_exchange_rates_have_many_digits_in_foreign_money_and_are_one_at_home(ask: Ask) -> None:
    rates = {rate for (rate,) in ask("SELECT DISTINCT exchangerate FROM transaction")}

    assert 1 in rates
    assert len(rates) > 50
    assert any(rate.normalize().as_tuple().exponent < -5 for rate in rates)
