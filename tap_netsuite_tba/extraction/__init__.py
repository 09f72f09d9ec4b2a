"""Reading one table exactly: ranges, plans, pages and passes. Knows neither Singer nor HTTP."""
