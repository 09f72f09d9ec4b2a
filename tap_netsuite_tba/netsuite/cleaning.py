"""What an answer says, fit for a message: no credentials, and nothing that steers a terminal."""

import re

_QUOTE = r"""(?:\\?["']|&quot;|&\#3[49];|&\#x2[27];|%2[27])"""

_CREDENTIAL = re.compile(
    rf"""
    (?i:oauth_(?:consumer_key|token|signature|nonce))  # named, in whatever quotes
        {_QUOTE}? \s*(?:=|:|%3[ADad])\s* {_QUOTE}? [^\s"'&,;<>{{}}]* {_QUOTE}?
    | (?i:\bbearer)(?:\s|%20)+  # a word after it is of letters of one kind
        (?=[\w.~+/-]*(?:[0-9]|[a-z][A-Z]))[\w.~+/-]{{10,}}=*
    | (?:(?<![\w-])|(?<=%[0-9A-F]{{2}}))eyJ[\w-]{{8,}}\.[\w.-]+  # an assertion, or a token
    | [0-9a-f]{{64,}}  # a key, token or secret of TBA
    | (?<![\w+/%])(?:[A-Za-z0-9+/]|%2[BbFf]){{43}}(?:=|%3[Dd])  # a signature
    """,
    re.ASCII | re.VERBOSE,
)
"""What of a request must not be said, should an answer repeat it, as gateways' do."""

_LONGEST_MARK = 200
"""Characters of a code, a path or an id: NetSuite's have fewer."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What would forge a line of a log, or steer a terminal."""


def cleaned(text: str) -> str:
    """Words of an answer, without credentials and in one line."""
    return _CONTROL.sub(" ", _CREDENTIAL.sub("…", text))


def mark(text: str | None) -> str | None:
    """The same of a code, a path or an id, which are short."""
    return text and cleaned(text)[:_LONGEST_MARK]
