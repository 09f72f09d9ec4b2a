"""Writes Singer messages to stdout in blocks of whole lines."""

import select
import sys
from collections.abc import Callable
from typing import IO

from singer_sdk.contrib.msgspec import MsgSpecWriter, encoder
from singer_sdk.singerlib import Message, RecordMessage

from tap_netsuite_tba.errors import OutputFailed

BLOCK_BYTES = 64 * 1024


class BufferedWriter(MsgSpecWriter):
    """Gathers records and writes them in blocks; any other message is written at once, in order.

    A signal may arrive between any two steps, also while a block is being written; what the signal
    wants to do then is done when the block is out, so that no line is cut and none comes twice.
    """

    def __init__(self) -> None:
        super().__init__()
        self._buffer = bytearray()
        self._is_writing = False
        self._afterwards: Callable[[], None] | None = None

    def write_message(self, message: Message) -> None:
        """Takes one message; all before it, and itself unless a record, are out when it returns.

        Raises:
            OutputFailed: The messages cannot be written.
        """
        # A list: given a tuple, msgspec 0.22 leaks an object a call.
        line = encoder.encode_lines([message.to_dict()])
        self._buffer += line
        if len(self._buffer) >= BLOCK_BYTES or not isinstance(message, RecordMessage):
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
            block, self._buffer = self._buffer, bytearray()
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


def _write(stream: IO[bytes], block: memoryview) -> int | None:
    try:
        return stream.write(block)
    except OSError as error:
        raise OutputFailed(
            f"The messages cannot be written: {error.strerror or error}. What reads them (the "
            f"loader, a file) has ended or is full; the next run goes on from its last state."
        ) from error
