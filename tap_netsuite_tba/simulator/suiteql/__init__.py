"""SuiteQL: parsed, checked and translated to DuckDB, run, and rendered as NetSuite prints it.

::

    cache.py -> parse.py -> translate/... -> run.py -> render.py
"""
