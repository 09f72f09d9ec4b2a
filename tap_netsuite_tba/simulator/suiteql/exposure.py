"""What NetSuite has beyond the company's tables, as far as a query can tell."""

from collections.abc import Mapping

# Columns of the record that SuiteQL refuses with NOT_EXPOSED: they are computed or joined.
NOT_EXPOSED: Mapping[str, frozenset[str]] = {
    "transaction": frozenset(
        {
            "amountpaid",
            "amountremaining",
            "billcity",
            "billcountry",
            "billzip",
            "shipcity",
            "shipcountry",
            "shipstate",
            "shipzip",
            "subtotal",
            "taxtotal",
            "total",
        }
    ),
    "customer": frozenset({"address", "balance", "overduebalance", "unbilledorders"}),
    "vendor": frozenset({"address", "balance", "unbilledorders"}),
    "item": frozenset({"quantityavailable", "quantityonhand"}),
}

# Tables of other features: this account has none of them, as a role without permission sees it.
OTHER_TABLES = frozenset(
    {
        "accountingbook",
        "bin",
        "billingaccount",
        "budgets",
        "campaign",
        "charge",
        "consolidatedexchangerate",
        "contact",
        "customsegment",
        "inventorybalance",
        "inventoryitemlocations",
        "job",
        "manufacturingrouting",
        "opportunity",
        "partner",
        "pricing",
        "projecttask",
        "revenueelement",
        "supportcase",
        "systemnote",
        "timebill",
        "transactionhistory",
    }
)
