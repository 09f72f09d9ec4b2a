"""SuiteQL, asked over HTTP."""
