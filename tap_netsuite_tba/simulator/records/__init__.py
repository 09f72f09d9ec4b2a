"""The record service: each record as a document, lists of them, and what lies inside one."""
