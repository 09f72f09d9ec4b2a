"""The metadata catalog: which record types there are, and the schema of each.

::

    service        the requests: list, JSON Schema, OpenAPI
     |- json_schema   a record type as JSON Schema, draft 6
     |- open_api      record types as an OpenAPI document
     `- record_types  the record types that the account's tables make
         `- properties   what the record service calls a column

The record service's names are not SuiteQL's: both lie in the JSON files beside these modules.
"""
