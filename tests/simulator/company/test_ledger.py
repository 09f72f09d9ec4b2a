from tests.simulator.company.conftest import Ask


def test_debits_equal_credits_in_every_transaction_and_book(ask: Ask) -> None:
    unbalanced = """
        SELECT transaction, accountingbook FROM transactionaccountingline GROUP BY ALL
        HAVING sum(coalesce(debit, 0)) <> sum(coalesce(credit, 0)) OR sum(amount) <> 0
    """
    assert ask(unbalanced) == []


def test_each_accounting_line_is_a_debit_or_a_credit(ask: Ask) -> None:
    wrong = """
        SELECT * FROM transactionaccountingline
        WHERE (debit IS NULL) = (credit IS NULL) OR coalesce(debit, -credit) <> amount
    """
    assert ask(wrong) == []


def test_the_lines_of_a_transaction_add_up_to_zero(ask: Ask) -> None:
    wrong = """
        SELECT transaction FROM transactionline GROUP BY transaction
        HAVING sum(foreignamount) <> 0 OR sum(netamount) <> 0
    """
    assert ask(wrong) == []


def test_the_main_line_repeats_the_total_of_the_header(ask: Ask) -> None:
    compared = """
        SELECT count(*) FILTER (WHERE foreignamount = foreigntotal), count(*)
        FROM transaction AS t LEFT JOIN transactionline AS l
             ON l.transaction = t.id AND mainline = 'T'
        WHERE type <> 'Journal'
    """
    [(equal, transactions)] = ask(compared)

    assert equal == transactions > 0


def test_the_total_of_the_header_is_the_sum_of_items_and_tax(ask: Ask) -> None:
    wrong = """
        SELECT t.id FROM transaction AS t JOIN transactionline AS l ON l.transaction = t.id
        WHERE mainline = 'F' AND iscogs = 'F' AND type <> 'Journal'
        GROUP BY t.id, foreigntotal HAVING -sum(foreignamount) <> foreigntotal
    """
    assert ask(wrong) == []


def test_totals_are_positive_in_sales_and_negative_in_purchases(ask: Ask) -> None:
    signs = "SELECT type, list(DISTINCT sign(foreigntotal)) FROM transaction GROUP BY 1"

    assert dict(ask(signs)) == {
        "CashSale": [1],
        "Check": [-1],
        "CustCred": [-1],
        "CustDep": [1],
        "CustInvc": [1],
        "CustPymt": [1],
        "Deposit": [1],
        "Estimate": [1],
        "ExpRept": [-1],
        "InvAdjst": [-1],
        "ItemRcpt": [-1],
        "ItemShip": [1],
        "Journal": [1],
        "PurchOrd": [-1],
        "RtnAuth": [-1],
        "SalesOrd": [1],
        "TrnfrOrd": [-1],
        "VendBill": [-1],
        "VendCred": [1],
        "VendPymt": [-1],
    }


def test_revenue_lines_are_negative_or_free(ask: Ask) -> None:
    revenue = """
        SELECT max(foreignamount), count(*) FILTER (foreignamount = 0) BETWEEN 1 AND 100
        FROM transactionline AS l JOIN transaction AS t ON l.transaction = t.id
        WHERE type IN ('SalesOrd', 'CustInvc') AND item IS NOT NULL AND iscogs = 'F'
    """
    assert ask(revenue) == [(0, True)]


def test_amounts_are_quantity_times_rate_in_the_decimals_of_the_currency(ask: Ask) -> None:
    wrong = """
        SELECT * FROM transactionline AS l JOIN transaction AS t ON l.transaction = t.id
                 JOIN currency AS c ON c.id = t.currency
        WHERE quantity IS NOT NULL
          AND foreignamount <> CASE currencyprecision WHEN 0 THEN round(quantity * rate, 0)
                                    ELSE round(quantity * rate, 2) END
    """
    assert ask(wrong) == []
    assert ask("SELECT count(*) FROM transaction WHERE currency = 6")[0][0] > 0


def test_orders_do_not_post_and_all_else_posts_to_the_month_of_its_date(ask: Ask) -> None:
    unposted = "SELECT DISTINCT type FROM transaction WHERE posting = 'F' ORDER BY 1"
    assert [kind for (kind,) in ask(unposted)] == [
        "Estimate",
        "PurchOrd",
        "RtnAuth",
        "SalesOrd",
        "TrnfrOrd",
    ]
    misplaced = """
        SELECT t.id FROM transaction AS t LEFT JOIN accountingperiod AS p ON p.id = postingperiod
        WHERE posting = 'T' AND (trandate BETWEEN p.startdate AND p.enddate AND isposting = 'T')
              IS NOT TRUE
    """
    assert ask(misplaced) == []


def test_accounting_lines_have_known_accounts_and_the_amount_of_their_line(ask: Ask) -> None:
    wrong = """
        SELECT * FROM transactionaccountingline AS a
        LEFT JOIN transactionline AS l ON l.transaction = a.transaction AND l.id = transactionline
        LEFT JOIN account AS c ON c.id = a.account
        WHERE c.id IS NULL OR l.id IS NULL OR l.netamount <> a.amount
    """
    assert ask(wrong) == []


def test_a_second_accounting_book_repeats_one_subsidiary(ask: Ask) -> None:
    books = """
        SELECT accountingbook, count(DISTINCT l.subsidiary)
        FROM transactionaccountingline AS a JOIN transactionline AS l
             ON l.transaction = a.transaction AND l.id = transactionline
        GROUP BY 1 ORDER BY 1
    """
    assert ask(books) == [(1, 6), (2, 1)]


def test_accounting_lines_from_before_2023_1_have_no_modification_date(ask: Ask) -> None:
    dated = """
        SELECT DISTINCT lastmodifieddate IS NOT NULL, lastmodifieddate >= '2023-02-01'
        FROM transactionaccountingline ORDER BY 1
    """
    assert ask(dated) == [(False, None), (True, True)]


def test_periods_form_years_of_quarters_of_months(ask: Ask) -> None:
    children = """
        SELECT p.isyear, p.isquarter, count(*) FROM accountingperiod AS p
        JOIN accountingperiod AS c
             ON c.parent = p.id AND c.startdate >= p.startdate AND c.enddate <= p.enddate
        GROUP BY p.id, p.isyear, p.isquarter
    """
    assert set(ask(children)) == {("T", "F", 4), ("F", "T", 3)}


def test_nothing_was_posted_into_a_closed_period(ask: Ask) -> None:
    late = """
        SELECT count(*), count(*) FILTER (createddate::DATE > closedondate)
        FROM transaction AS t JOIN accountingperiod AS p ON p.id = postingperiod
        WHERE closed = 'T'
    """
    [(posted, late_ones)] = ask(late)

    assert posted > 1_000
    assert late_ones == 0


def test_old_periods_are_closed_and_the_present_one_is_open(ask: Ask) -> None:
    closed = "SELECT max(enddate) < '2026-01-07' FROM accountingperiod WHERE closed = 'T'"
    present = "SELECT closed FROM accountingperiod WHERE periodname = 'Jan 2026'"

    assert ask(closed) == [(True,)]
    assert ask(present) == [("F",)]
