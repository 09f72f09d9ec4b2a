"""When the demo company was born: at its first start, remembered in a file."""

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path

logger = logging.getLogger(__name__)


def state_directory() -> Path:
    """Return where the demo company's birth is kept.

    ``NETSUITE_TBA_DEMO_HOME``, or the user's directory for state.
    """
    own = os.environ.get("NETSUITE_TBA_DEMO_HOME")
    if own:
        return Path(own).expanduser()
    state = os.environ.get("XDG_STATE_HOME")
    root = Path(state) if state else Path.home() / ".local" / "state"
    return root / "tap-netsuite-tba"


def remembered_birth() -> datetime:
    """Return the demo company's birth, a whole minute in UTC.

    It is now the first time, and again where what was remembered cannot be read, written or true;
    a warning says so.
    """
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    try:
        path = state_directory() / "demo.json"
        if path.exists():
            return _read(path, now)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"demo-{os.getpid()}.json")
        partial.write_text(json.dumps({"born": now.isoformat()}) + "\n", encoding="utf-8")
        partial.replace(path)
    except (OSError, RuntimeError, ValueError) as error:
        logger.warning(
            "The demo company's birth cannot be remembered (%s); it is born now, and the next run "
            "shows another one. Set NETSUITE_TBA_DEMO_HOME to a writable directory.",
            error,
        )
    return now


def _read(path: Path, now: datetime) -> datetime:
    """Read a birth.

    Raises:
        OSError: the file cannot be read.
        ValueError: it does not hold a whole minute of the past.
    """
    remembered = json.loads(path.read_text(encoding="utf-8"))
    born = remembered.get("born") if isinstance(remembered, dict) else None
    instant = datetime.fromisoformat(born) if isinstance(born, str) else None
    if instant is None or instant.tzinfo is None or instant > now:
        raise ValueError(f"{path} holds no instant of the past; delete it")
    return instant.astimezone(UTC).replace(second=0, microsecond=0)
