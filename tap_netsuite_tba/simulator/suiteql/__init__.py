"""SuiteQL: parsed, checked and translated to DuckDB, run, and rendered as NetSuite prints it.

::

    service.py        what a request has to be; limit, offset, envelope
      engine.py       keeps translations, runs them, deals out pages
        parse.py      values lifted out, the rest to a tree (dialect.py)
        queries.py    SELECT and UNION -> sources.py, expressions.py -> functions.py, kinds.py
        render.py     rows to JSON
    catalog.py, scope.py, refusals.py: which names there are, and how NetSuite says no
"""
