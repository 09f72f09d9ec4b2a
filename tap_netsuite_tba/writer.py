"""Writes Singer messages to stdout in blocks of whole lines."""

import select
import sys
from collections.abc import Callable
from typing import IO, Any

from singer_sdk.contrib.msgspec import MsgSpecWriter, encoder
from singer_sdk.singerlib import Message, StateMessage

from tap_netsuite_tba.errors import OutputFailed

BLOCK_RECORDS = 100
"""So many records are encoded and written at once."""


class ReadyMessage(Message):
    """A message as the dictionary that it is written as: the SDK's take longer to make."""

    __slots__ = ("_content",)

    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content

    def to_dict(self) -> dict[str, Any]:
        """The dictionary, not copied."""
        return self._content


class BufferedWriter(MsgSpecWriter):
    """Gathers records and writes them in blocks; any other message is written at once, in order.

    A signal may arrive between any two steps, also while a block is being written; what the signal
    wants to do then is done when the block is out, so that no line is cut and none comes twice.
    """

    def __init__(self) -> None:
        super().__init__()
        self._gathered: list[dict[str, Any]] = []
        self._is_writing = False
        self._afterwards: Callable[[], None] | None = None

    def write_message(self, message: Message) -> None:
        """Takes one message; all before it, and itself unless a record, are out when it returns.

        Raises:
            OutputFailed: The messages cannot be written.
        """
        content = _content(message)
        self._gathered.append(content)
        if len(self._gathered) >= BLOCK_RECORDS or content["type"] != "RECORD":
            self.flush()

    def when_idle(self, action: Callable[[], None]) -> None:
        """Runs an action now, or as soon as the block that is being written is out."""
        if self._is_writing:
            self._afterwards = action
        else:
            action()

    def flush(self) -> None:
        """Writes what has been gathered.

        Raises:
            OutputFailed: It cannot be written.
        """
        self._is_writing = True
        try:
            messages, self._gathered = self._gathered, []
            block = encoder.encode_lines(messages)
            # Not through stdout's own buffer: CPython's drops bytes of a block whose write a signal
            # cuts short. (Where tests replace stdout there is nothing below the buffer.)
            below = getattr(sys.stdout.buffer, "raw", sys.stdout.buffer)
            rest = memoryview(block)
            while rest:
                written = _write(below, rest)
                if written is None:  # a pipe that does not block, and is full
                    select.select([], [below], [])
                rest = rest[written or 0 :]
        finally:
            self._is_writing = False
        if self._afterwards:
            action, self._afterwards = self._afterwards, None
            action()


def _content(message: Message) -> dict[str, Any]:
    if isinstance(message, StateMessage):
        # Not copied: it is of all streams, and would cost more than all else of a small one.
        return {"type": "STATE", "value": message.value}
    return message.to_dict()


def _write(stream: IO[bytes], block: memoryview) -> int | None:
    try:
        return stream.write(block)
    except OSError as error:
        raise OutputFailed(
            f"The messages cannot be written: {error.strerror or error}. What reads them (the "
            f"loader, a file) has ended or is full; the next run goes on from its last state."
        ) from error
