"""What is known of the families of NetSuite's records and custom fields, as data."""

from collections.abc import Mapping

from tap_netsuite_tba.tables import ColumnType

RECORD_FIELDS = "custrecord"
"""The prefix of the fields of custom record types, and of the odd standard record."""

SEGMENT = "cseg"
"""The prefix of the columns of custom segments, which do not say to what they are applied."""

TABLES_BY_PREFIX: Mapping[str, tuple[str, ...]] = {
    "custbody": ("transaction",),
    "custcol": ("transactionline", "timebill"),
    "custentity": ("customer", "vendor", "employee", "contact", "partner", "job"),
    "custevent": ("task", "calendarevent", "phonecall", "supportcase", "projecttask"),
    "custitem": ("item",),
    "custitemnumber": ("inventorynumber",),
    SEGMENT: (
        "transaction",
        "transactionline",
        "item",
        "customer",
        "vendor",
        "employee",
        "account",
    ),
}
"""On which tables a column may be, by the prefixes of its field; on which it is, NetSuite says."""

OTHER_RECORDS = ("account", "classification", "department", "location", "subsidiary")
"""The tables that NetSuite's "Other Record Fields" are mostly on."""

_TEXTS = (
    "clobtext document email emailaddress file freeformtext help hyperlink image inlinehtml "
    "longtext password phone phonenumber richtext text textarea timeofday url"
)
TYPES: Mapping[str, ColumnType] = {
    "checkbox": ColumnType.BOOLEAN,
    "currency": ColumnType.DECIMAL,
    "date": ColumnType.DATE,
    "datetime": ColumnType.DATETIME,
    "datetimetz": ColumnType.DATETIME,
    "decimalnumber": ColumnType.DECIMAL,
    "float": ColumnType.DECIMAL,
    "integer": ColumnType.INTEGER,
    "integernumber": ColumnType.INTEGER,
    "listrecord": ColumnType.INTEGER,
    "multipleselect": ColumnType.MULTISELECT,
    "multiselect": ColumnType.MULTISELECT,
    "percent": ColumnType.DECIMAL,
    "percentage": ColumnType.DECIMAL,
    "select": ColumnType.INTEGER,
    **dict.fromkeys(_TEXTS.split(), ColumnType.TEXT),
}
"""Column types by the letters of `fieldvaluetype`, as users see it, and as NetSuite's own files of
customizations and its other services write it."""

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


def tables_of(column: str) -> tuple[str, ...]:
    """The tables on which a column may be, by how its name begins; more than one prefix may fit."""
    prefixes = (prefix for prefix in TABLES_BY_PREFIX if column.startswith(prefix))
    return tuple(table for prefix in prefixes for table in TABLES_BY_PREFIX[prefix])


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

_OF_TRANSACTIONS = ("salesorder", "invoice", "purchaseorder", "vendorbill", "journalentry")
DESCRIBED_BY: Mapping[str, tuple[str, ...]] = {
    "transaction": _OF_TRANSACTIONS,
    "transactionline": _OF_TRANSACTIONS,
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
