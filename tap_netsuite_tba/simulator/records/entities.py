"""What the record of a customer, a vendor or an item shows beyond its row."""

from decimal import Decimal
from functools import partial

from tap_netsuite_tba.simulator.records.beyond import Beyond, Line
from tap_netsuite_tba.simulator.records.rows import Row
from tap_netsuite_tba.simulator.records.snapshot import Snapshot


def customer(row: Row, snapshot: Snapshot) -> Beyond:
    """Return the stage, the addresses and the currency of a customer."""
    stage = row["searchstage"]
    fields = {"customform": "-31", "stage": stage and stage.upper(), "isjob": "F", "autoname": "F"}
    return Beyond(fields, _of_entity(row, snapshot, "customeraddressbookentityaddress"))


def vendor(row: Row, snapshot: Snapshot) -> Beyond:
    """Return the addresses and the currency of a vendor."""
    fields = {"customform": "-36", "autoname": "F"}
    return Beyond(fields, _of_entity(row, snapshot, "vendoraddressbookentityaddress"))


def employee(row: Row, _snapshot: Snapshot) -> Beyond:
    """Return the initials of an employee."""
    names = [row[name] or "" for name in ("firstname", "middlename", "lastname")]
    return Beyond({"customform": "-43", "initials": "".join(name[:1] for name in names)})


def contact(_row: Row, _snapshot: Snapshot) -> Beyond:
    """Return the form of a contact."""
    return Beyond({"customform": "-516"})


def item(row: Row, snapshot: Snapshot) -> Beyond:
    """Return what there is of an item, who sells it and what it costs."""
    on_hand, cost = row["totalquantityonhand"], row["averagecost"]
    value = None if on_hand is None or cost is None else round(on_hand * cost, 2)
    quantities = dict.fromkeys(("quantity", "quantityonhand", "quantityavailable"), on_hand)
    return Beyond(
        {"customform": "125", "totalvalue": value, **quantities},
        {
            "itemVendor": [
                Line(str(each["vendor"]), each, "itemvendor")
                for each in snapshot.rows("itemvendor", "item", row["id"])
            ],
            "price": [_price(each) for each in snapshot.rows("pricing", "item", row["id"])],
        },
    )


def _price(row: Row) -> Line:
    keys = {
        "currencypage": row["currency"],
        "pricelevel": row["pricelevel"],
        "quantity": row["quantity"],
    }
    key = ",".join(f"{name}={value}" for name, value in keys.items())
    return Line(key, {**keys, "price": row["unitprice"]}, "pricing")


def _of_entity(row: Row, snapshot: Snapshot, addresses: str) -> dict[str, list[Line]]:
    shown = partial(_address, row)
    found = sorted(
        snapshot.rows(addresses, "recordowner", row["id"]), key=lambda each: each["nkey"]
    )
    currency = {"currency": row["currency"], "overridecurrencyformat": "F"}
    return {
        "addressBook": [shown(each) for each in found],
        "currencyList": [Line(str(row["currency"]), currency)] if row["currency"] else [],
    }


def _address(owner: Row, row: Row) -> Line:
    """Return a line of an address book: its id thrice, once as a text, and the address below it."""
    internal_id = row["nkey"]
    made = {
        "internalid": internal_id,
        "id": Decimal(internal_id),  # a number, as recorded, whatever the catalog says
        "addressid": str(internal_id),
        "label": row["city"],
        "defaultbilling": "T" if internal_id == owner["defaultbillingaddress"] else "F",
        "defaultshipping": "T" if internal_id == owner["defaultshippingaddress"] else "F",
        "isresidential": "F",
        "addressbookaddress": row,
    }
    return Line(str(internal_id), made)
