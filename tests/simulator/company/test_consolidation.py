"""What adding up several subsidiaries takes."""

from tests.simulator.company.conftest import Ask


def test_every_month_has_a_rate_from_each_subsidiary_to_those_above_it(ask: Ask) -> None:
    pairs = """
        SELECT fromsubsidiary, tosubsidiary, count(DISTINCT postingperiod)
        FROM consolidatedexchangerate WHERE accountingbook = 1 GROUP BY ALL ORDER BY ALL
    """
    found = ask(pairs)

    own = [(each, each) for each in (1, 2, 3, 5, 6, 7)]
    above = [(2, 1), (3, 1), (5, 1), (6, 1), (7, 1), (7, 2)]
    assert [row[:2] for row in found] == sorted(own + above)
    assert len({months for *_, months in found}) == 1


def test_every_posting_finds_the_rates_of_its_period(ask: Ask) -> None:
    without = """
        SELECT count(*) FROM transactionline AS l JOIN transaction AS t ON t.id = l.transaction
        ANTI JOIN consolidatedexchangerate AS r ON r.postingperiod = t.postingperiod
             AND r.fromsubsidiary = l.subsidiary AND r.tosubsidiary = 1 AND r.accountingbook = 1
        WHERE posting = 'T'
    """
    assert ask(without) == [(0,)]


def test_rates_are_one_within_a_currency_and_move_between_two(ask: Ask) -> None:
    rates = """
        SELECT fromcurrency = tocurrency, min(currentrate) = 1 AND max(currentrate) = 1,
               count(DISTINCT averagerate) > 100
        FROM consolidatedexchangerate GROUP BY 1 ORDER BY 1
    """
    assert ask(rates) == [(False, False, True), (True, True, False)]


def test_currencies_have_a_rate_of_each_month_up_to_the_present(ask: Ask) -> None:
    months = """
        SELECT transactioncurrency, max(effectivedate) = '2026-01-01', count(*) > 60,
               count(DISTINCT exchangerate) > 50
        FROM currencyrate GROUP BY 1 ORDER BY 1
    """
    assert ask(months) == [(each, True, True, True) for each in (2, 3, 4, 6, 7, 8)]


def test_a_period_is_called_with_those_above_it(ask: Ask) -> None:
    named = """
        SELECT fullname FROM accountingperiodfiscalcalendars JOIN accountingperiod AS p
               ON p.id = accountingperiod
        WHERE periodname IN ('FY 2025', 'Q2 2025', 'May 2025') ORDER BY enddate - startdate DESC
    """
    assert [name for (name,) in ask(named)] == [
        "FY 2025",
        "FY 2025 : Q2 2025",
        "FY 2025 : Q2 2025 : May 2025",
    ]
