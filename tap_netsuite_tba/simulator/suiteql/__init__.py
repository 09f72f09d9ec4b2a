"""SuiteQL: parsed, checked and translated to DuckDB, run, and rendered as NetSuite prints it.

::

    service.py         a request: its limit and offset, the query in it, the envelope
    engine.py          a query's way through all of these; translations are kept for the next

    parse              template.py lifts the values out of the text, parse.py makes the rest a
                       tree, by the grammar of dialect.py
    check              catalog.py, visibility.py, exposure.py: what there is for the role;
                       scope.py: what a name stands for; refusals.py: how NetSuite says no
    translate          queries.py: a query as a whole (blocks.py) and its order (ordering.py)
      a SELECT         selection.py, its FROM in sources.py
      an expression    expressions.py, its kind in kinds.py; conditions.py, pseudocolumns.py
      a call           calls.py: aggregates.py, conversions.py, functions.py, builtins.py
      a function       one module a subject: choices.py, texts.py, patterns.py, numbers.py,
                       dates.py, time_zones.py; most are formulas (formulas.py)
      a format         date_formats.py: date_printing.py, date_reading.py; number_formats.py
      BUILTIN          labels.py, relative_ranges.py
    run                pages.py: the rows of one page, and how many there are
    render             render.py: rows as JSON

What SuiteQL does not have is refused where it is met, by whatever would translate it.
"""
