"""What a transaction's record shows beyond its row: totals, status, lines.

In SuiteQL a sale's lines are negative and a purchase's header is; a record shows both as people
write them, positive.
"""

from collections.abc import Iterable
from decimal import Decimal

from tap_netsuite_tba.simulator.records.beyond import Beyond, Line
from tap_netsuite_tba.simulator.records.parts import Enumeration
from tap_netsuite_tba.simulator.records.rows import Row
from tap_netsuite_tba.simulator.records.snapshot import Snapshot

_TABLE = "transactionline"


def transaction(row: Row, snapshot: Snapshot) -> Beyond:
    """Return the totals, the status and the lines of a transaction."""
    lines = sorted(
        snapshot.rows(_TABLE, "transaction", row["id"]), key=lambda line: line["id"] or 0
    )
    main = next((line for line in lines if line["mainline"] == "T"), Row())
    goods = [line for line in lines if _is_of_goods(line)]
    taxes = [line for line in lines if line["taxline"] == "T"]
    sign = -1 if (row["foreigntotal"] or 0) < 0 else 1
    shown = [_shown(line, sign, is_taxable=bool(taxes)) for line in goods]
    total, open_amount = _positive(row["foreigntotal"]), _positive(row["foreignamountunpaid"])
    return Beyond(
        fields={
            **_status(row, snapshot),
            "billingaddress": _address(row["billingaddress"], "billing", snapshot),
            "shippingaddress": _address(row["shippingaddress"], "shipping", snapshot),
            "createdfrom": main["createdfrom"],
            "customform": "104",
            "approved": "T" if row["status"] == "B" else "F",
            "total": total,
            "usertotal": total,
            "payment": total,
            "subtotal": -sign * _sum(goods),
            "taxtotal": -sign * _sum(taxes),
            "discounttotal": Decimal(0),
            "balance": open_amount,
            "custbody_open_balance": open_amount,
            "applied": row["foreignpaymentamountused"],
            "unapplied": _unapplied(row),
            "currencyname": _name_of_currency(row, snapshot),
            "tobeemailed": "F",
            "tobeprinted": "F",
        },
        lines={
            "item": [line for line in shown if line.row["item"] is not None],
            "expense": [line for line in shown if line.row["item"] is None],
            "line": [_journal_line(line) for line in lines],
            "apply": _applied(main, snapshot),
        },
    )


def _is_of_goods(line: Row) -> bool:
    """Tell whether people wrote a line, on which there is an item or an expense."""
    return "T" not in (line["mainline"], line["taxline"], line["iscogs"])


def _sum(lines: Iterable[Row]) -> Decimal:
    return sum((line["foreignamount"] or Decimal(0) for line in lines), Decimal(0))


def _unapplied(row: Row) -> Decimal | None:
    total, used = row["foreigntotal"], row["foreignpaymentamountused"]
    return None if total is None or used is None else total - used


def _positive(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else abs(amount)


def _shown(line: Row, sign: int, *, is_taxable: bool) -> Line:
    quantity, amount = line["quantity"], line["foreignamount"]
    made = {
        "line": line["id"],
        "orderdoc": line["createdfrom"],
        "orderline": None if line["createdfrom"] is None else line["id"],
        "quantity": None if quantity is None else -sign * quantity,
        "amount": None if amount is None else -sign * amount,
        "description": line["memo"],
        "istaxable": "T" if is_taxable else "F",
    }
    return Line(str(line["id"]), Row(line | made), _TABLE)


def _journal_line(line: Row) -> Line:
    """Return a line of a journal, of which the header's row is the first."""
    amount = line["foreignamount"]
    side = {} if amount is None else {"debit" if amount >= 0 else "credit": abs(amount)}
    return Line(str(line["id"]), Row(line | side | {"line": line["id"]}), _TABLE)


def _status(row: Row, snapshot: Snapshot) -> dict[str, object]:
    """Return the status as it was recorded: its text as its id, beside the letter of an order."""
    letter = row["status"]
    if letter is None:
        return {}
    names = snapshot.few("transactionstatus", {"trantype": row["type"], "id": letter})
    name = names[0]["name"] if names else letter
    return {"status": Enumeration(name, name), "orderstatus": Enumeration(letter, name)}


def _address(key: int | None, use: str, snapshot: Snapshot) -> Row | None:
    found = snapshot.rows(f"transaction{use}address", "nkey", key)
    return found[0] if found else None


def _name_of_currency(row: Row, snapshot: Snapshot) -> object:
    found = snapshot.few("currency", {"id": row["currency"]})
    return found[0]["name"] if found else None


def _applied(main: Row, snapshot: Snapshot) -> list[Line]:
    """Return what a payment pays: the document that it was made from."""
    paid = snapshot.rows("transaction", "id", main["createdfrom"])
    return [
        Line(
            f"doc={document['id']},line=0",
            {
                "line": 0,
                "apply": "T",
                "doc": document["id"],
                "amount": _positive(main["foreignamount"]),
                "due": _positive(document["foreignamountunpaid"]),
                "total": _positive(document["foreigntotal"]),
            },
        )
        for document in paid
    ]
