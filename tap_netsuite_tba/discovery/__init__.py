"""Which tables and columns this role can read, proven by SuiteQL itself."""
