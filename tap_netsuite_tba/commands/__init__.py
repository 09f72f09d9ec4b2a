"""The commands of `netsuite-tba`, for people."""
