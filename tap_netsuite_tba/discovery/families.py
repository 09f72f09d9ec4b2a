"""What is known of the families of NetSuite's records and custom fields, as data."""

from collections.abc import Mapping

from tap_netsuite_tba.tables import ColumnType

RECORD_FIELDS = "custrecord"
"""The prefix of the fields of custom record types, and of the odd standard record."""

SEGMENT = "cseg"
"""The prefix of the columns of custom segments, which need not be on any transaction."""

TABLES_BY_PREFIX: Mapping[str, tuple[str, ...]] = {
    "custbody": ("transaction",),
    "custcol": ("transactionline",),
    "custentity": ("customer", "vendor", "employee", "contact", "partner", "job"),
    "custevent": ("task", "calendarevent", "phonecall", "supportcase"),
    "custitem": ("item",),
    "custitemnumber": ("inventorynumber",),
    SEGMENT: ("transaction", "transactionline"),
}
"""On which tables a column may be, by the prefix of its field, the longest that fits; which of them
it is on, NetSuite says."""

OTHER_RECORDS = ("account", "classification", "department", "location", "subsidiary")
"""The tables that NetSuite's "Other Record Fields" are mostly on."""

TYPES: Mapping[str, ColumnType] = {
    "check box": ColumnType.BOOLEAN,
    "currency": ColumnType.DECIMAL,
    "date": ColumnType.DATE,
    "date/time": ColumnType.DATETIME,
    "decimal number": ColumnType.DECIMAL,
    "integer number": ColumnType.INTEGER,
    "list/record": ColumnType.INTEGER,
    "multiple select": ColumnType.MULTISELECT,
    "percent": ColumnType.DECIMAL,
    "checkbox": ColumnType.BOOLEAN,
    "datetimetz": ColumnType.DATETIME,
    "float": ColumnType.DECIMAL,
    "integer": ColumnType.INTEGER,
    "multiselect": ColumnType.MULTISELECT,
    "select": ColumnType.INTEGER,
}
"""Column types by `fieldvaluetype`, as users see it and as NetSuite's own files of customizations
write it; all others are text."""

STANDARD_RECORDS: Mapping[str, str] = {
    "-2": "customer",
    "-3": "vendor",
    "-4": "employee",
    "-5": "partner",
    "-6": "contact",
    "-7": "job",
    "-9": "entity",
    "-10": "item",
    "-20": "calendarevent",
    "-21": "task",
    "-22": "phonecall",
    "-23": "supportcase",
    "-30": "transaction",
    "-31": "transaction",
    "-101": "classification",
    "-102": "department",
    "-103": "location",
    "-105": "accountingperiod",
    "-109": "customercategory",
    "-110": "vendorcategory",
    "-112": "account",
    "-117": "subsidiary",
    "-122": "currency",
    "-126": "expensecategory",
    "-141": "billingschedule",
    "-186": "pricelevel",
    "-199": "term",
    "-201": "unitstype",
    "-256": "timebill",
    "-266": "inventorynumber",
    "-290": "charge",
    "class": "classification",
    "project": "job",
}
"""Tables by the internal ids of NetSuite's own record types (Oracle's help: Internal IDs Associated
with Record Types), and by labels that differ from their names."""


def is_custom(column: str) -> bool:
    """Whether it is the name of a column that accounts add."""
    return column.startswith((RECORD_FIELDS, *TABLES_BY_PREFIX))


_TRANSACTIONS = (
    "assemblybuild assemblyunbuild bintransfer cashrefund cashsale check creditcardcharge "
    "creditmemo customerdeposit customerpayment customerrefund deposit depositapplication estimate "
    "expensereport intercompanyjournalentry inventoryadjustment inventorytransfer invoice "
    "itemfulfillment itemreceipt journalentry opportunity purchaseorder purchaserequisition "
    "returnauthorization salesorder statisticaljournalentry transferorder vendorbill vendorcredit "
    "vendorpayment vendorprepayment vendorreturnauthorization workorder"
)
_ITEMS = (
    "assemblyitem descriptionitem discountitem inventoryitem itemgroup kititem "
    "lotnumberedassemblyitem lotnumberedinventoryitem markupitem noninventorypurchaseitem "
    "noninventoryresaleitem noninventorysaleitem otherchargepurchaseitem otherchargeresaleitem "
    "otherchargesaleitem paymentitem serializedassemblyitem serializedinventoryitem "
    "servicepurchaseitem serviceresaleitem servicesaleitem subtotalitem"
)
ROWS_OF: Mapping[str, str] = {
    **dict.fromkeys(_TRANSACTIONS.split(), "transaction"),
    **dict.fromkeys(_ITEMS.split(), "item"),
    "class": "classification",
}
"""Record types of the record service that are no tables, and the table that has their rows."""

DESCRIBED_BY: Mapping[str, tuple[str, ...]] = {
    "transaction": ("salesorder", "invoice", "purchaseorder", "vendorbill", "journalentry"),
    "item": ("inventoryitem", "noninventorysaleitem", "servicesaleitem"),
}
"""Record types whose schemas tell custom columns of tables that are no record types themselves."""

UNSEEN: Mapping[str, tuple[str, str]] = {
    "customfield": (
        "columns that the account added are known only as far as sampled rows tell of them",
        "Setup > Custom Fields",
    ),
    "customrecordtype": (
        "custom records are known only by NetSuite's catalog of records",
        "Setup > Custom Record Types",
    ),
    "customlist": (
        "custom lists are known only by NetSuite's catalog of records",
        "Setup > Custom Lists",
    ),
    "customsegment": (
        "the columns of custom segments are not known",
        "Setup > Custom Segments",
    ),
    "metadata-catalog": (
        "custom records and lists are known only by name",
        "Setup > REST Web Services",
    ),
}
"""What is missing where a list of NetSuite's cannot be read, and the permission that opens it."""
