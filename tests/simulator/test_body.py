from email.message import Message
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.simulator.body import UnreadableError, read_body


def announced(*headers: tuple[str, str]) -> Message:
    message = Message()
    for name, value in headers:
        message[name] = value
    return message


CHUNKED = announced(("Transfer-Encoding", "chunked"))


def test_a_body_ends_where_its_length_says() -> None:
    stream = BytesIO(b"{}next")
    assert read_body(announced(("Content-Length", "2")), stream) == b"{}"
    assert stream.read() == b"next"


def test_without_headers_there_is_no_body() -> None:
    assert read_body(announced(), BytesIO(b"next")) == b""


@given(st.lists(st.binary(min_size=1, max_size=300)), st.sampled_from([b"", b";a=b"]))
def test_chunks_are_put_together(parts: list[bytes], extension: bytes) -> None:
    chunks = [b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts]
    stream = BytesIO(b"".join(chunks) + b"0\r\nTrailer: x\r\n\r\nnext")
    assert read_body(CHUNKED, stream) == b"".join(parts)
    assert stream.read() == b"next"


@pytest.mark.parametrize(
    "headers",
    [
        [("Content-Length", "-1")],
        [("Content-Length", "2 ")],
        [("Content-Length", "104000001")],
        [("Content-Length", "2"), ("Content-Length", "2")],
        [("Transfer-Encoding", "gzip")],
        [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "identity")],
        [("Transfer-Encoding", "chunked"), ("Content-Length", "2")],
    ],
)
def test_an_unclear_end_is_refused(headers: list[tuple[str, str]]) -> None:
    with pytest.raises(UnreadableError):
        read_body(announced(*headers), BytesIO(b"{}"))


@pytest.mark.parametrize("text", [b"x\r\n", b"-1\r\n", b"2\r\n{}1\r\n", b"6400001\r\n", b"7\n" * 9])
def test_malformed_chunks_are_refused(text: bytes) -> None:
    with pytest.raises((UnreadableError, ConnectionAbortedError)):
        read_body(CHUNKED, BytesIO(text))


@pytest.mark.parametrize("text", [b"", b"2\r\n{", b"2\r\n{}", b"2\r\n{}\r\n", b"0\r\n"])
def test_a_client_that_hangs_up_is_not_served(text: bytes) -> None:
    with pytest.raises(ConnectionAbortedError):
        read_body(CHUNKED, BytesIO(text))
