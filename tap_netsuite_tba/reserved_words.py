"""The words that cannot be the name of a column in a query's answer."""

_WORDS = """
access add all alter and any as asc audit between by char check cluster column column_value
comment compress connect create current date decimal default delete desc distinct drop else
exclusive exists file float for from grant group having identified immediate in increment index
initial insert integer intersect into is level like lock long maxextents minus mlslabel mode
modify nested_table_id noaudit nocompress not nowait null number of offline on online option or
order pctfree prior public raw rename resource row rowid rownum rows select session set share
size smallint start successful synonym sysdate table then to trigger uid union unique update
user validate values varchar varchar2 view whenever where with

absolute action allocate are assertion at authorization avg begin bit both cascade cascaded case
cast catalog close coalesce collate collation commit constraint constraints continue convert
corresponding count cross current_date current_time current_timestamp current_user cursor day
deallocate dec declare deferrable deferred describe descriptor diagnostics disconnect domain
double end escape except exception exec execute external extract false fetch first foreign found
full get global go goto hour identity indicator initially inner input insensitive interval
isolation join key language last leading left limit local lower match max min minute module
month names national natural nchar next no nullif numeric octet_length offset open outer output
overlaps pad partial position precision prepare preserve primary privileges procedure read real
references relative restrict revoke right rollback schema scroll second section session_user
some space sql sqlcode sqlerror sqlstate substring sum system_user temporary time timestamp
timezone_hour timezone_minute top trailing transaction translate translation trim true unknown
upper usage using value varying when work write year zone
"""

RESERVED_WORDS = frozenset(_WORDS.split())
"""Oracle's reserved words, then what else SQL-92 reserves: SuiteQL is read as either of the two."""
