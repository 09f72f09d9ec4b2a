"""A batch file is there as a whole or not at all, and no message tells a password of its folder."""

from pathlib import Path

import pytest
from fsspec.implementations.local import LocalFileOpener

from tap_netsuite_tba.batches import Folder
from tap_netsuite_tba.errors import ConfigurationError, OutputFailed


def test_of_a_file_whose_writing_fails_half_way_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(f"file://{tmp_path}", "", {})
    write = LocalFileOpener.write

    def write_half(self: LocalFileOpener, content: memoryview) -> int:
        write(self, bytes(content)[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(LocalFileOpener, "write", write_half)
    with pytest.raises(OutputFailed, match="No space left on device"):
        folder.keep("a.jsonl", memoryview(b"0123456789"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_has_its_name_only_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(f"file://{tmp_path}", "", {})
    write, seen = LocalFileOpener.write, list[Path]()

    def watched(self: LocalFileOpener, content: memoryview) -> int:
        seen.extend(tmp_path.iterdir())
        written: int = write(self, content)
        return written

    monkeypatch.setattr(LocalFileOpener, "write", watched)
    folder.keep("a.jsonl", memoryview(b"0123456789"))
    assert seen == []
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"0123456789"]


@pytest.mark.parametrize("where", ["root", "file"])
def test_no_message_tells_the_password_in_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no way to sftp://someone:s3cret@example.com/netsuite")

    folder = Folder(f"file://{tmp_path}", "", {})
    if where == "file":
        monkeypatch.setattr(LocalFileOpener, "write", refuse)
        with pytest.raises(OutputFailed) as raised:
            folder.keep("a.jsonl", memoryview(b"0"))
    else:
        monkeypatch.setattr("tap_netsuite_tba.batches.url_to_fs", refuse)
        with pytest.raises(ConfigurationError) as raised:  # type: ignore[assignment]
            Folder("sftp://someone:s3cret@example.com/netsuite", "", {})
    assert "example.com/netsuite" in str(raised.value)
    assert "s3cret" not in str(raised.value)
