"""Oracle's grammar as SuiteQL takes it, with every function left as it was written."""

from typing import Any, ClassVar

from sqlglot import TokenType
from sqlglot.dialects.oracle import Oracle
from sqlglot.parsers.oracle import OracleParser


class SuiteQL(Oracle):
    """Oracle's SQL with ``TOP``.

    sqlglot knows many dialects' functions and would read ``LCASE`` as ``LOWER``; here a function
    stays an anonymous name with arguments, for what SuiteQL supports is our table to say.
    """

    class Tokenizer(Oracle.Tokenizer):
        """``TOP n`` is a row limit; ``LIMIT`` and ``OFFSET`` mean nothing."""

        KEYWORDS: ClassVar[dict[str, TokenType]] = {
            **{
                word: token
                for word, token in Oracle.Tokenizer.KEYWORDS.items()
                if word not in {"LIMIT", "OFFSET", "SYSTIMESTAMP"}
            },
            "TOP": TokenType.TOP,
        }

    class Parser(OracleParser):
        """Knows no function by name but those with a grammar of their own."""

        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: parser
            for name, parser in OracleParser.NO_PAREN_FUNCTION_PARSERS.items()
            if name == "CASE"
        }
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: OracleParser.FUNCTION_PARSERS[name] for name in ("CAST", "EXTRACT")
        }
