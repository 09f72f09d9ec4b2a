"""The body of a request, whole or in chunks."""

import re
from email.message import Message
from io import BufferedIOBase

_LARGEST = 104_000_000  # NetSuite's own limit
_LENGTH = re.compile(r"[0-9]{1,9}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(;[^\r\n]*)?\r?\n")
_LONGEST_LINE = 1_000


class UnreadableError(Exception):
    """A body of which nobody can tell where it ends, or one that is too long."""


def read_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """Read the body that ``headers`` announce.

    Raises:
        UnreadableError: they announce nothing that can be read.
        ConnectionAbortedError: the client hung up before its end.
    """
    lengths = headers.get_all("Content-Length", [])
    encodings = headers.get_all("Transfer-Encoding", [])
    if encodings:
        if [encoding.strip().lower() for encoding in encodings] != ["chunked"] or lengths:
            raise UnreadableError
        return _read_chunks(stream)
    if not lengths:
        return b""
    if len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0]):
        raise UnreadableError
    return _read(stream, int(lengths[0]))


def _read(stream: BufferedIOBase, length: int) -> bytes:
    if length > _LARGEST:
        raise UnreadableError
    found = stream.read(length)
    if len(found) < length:
        raise ConnectionAbortedError
    return found


def _read_chunks(stream: BufferedIOBase) -> bytes:
    body = bytearray()
    while True:
        match = _CHUNK.fullmatch(_line(stream))
        if match is None:
            raise UnreadableError
        size = int(match[1], 16)
        if size == 0:
            break
        body += _read(stream, size)
        if len(body) > _LARGEST or _line(stream) not in {b"\r\n", b"\n"}:
            raise UnreadableError
    while _line(stream) not in {b"\r\n", b"\n"}:
        pass  # trailers, which nobody needs
    return bytes(body)


def _line(stream: BufferedIOBase) -> bytes:
    found = stream.readline(_LONGEST_LINE)
    if not found:
        raise ConnectionAbortedError
    return found
