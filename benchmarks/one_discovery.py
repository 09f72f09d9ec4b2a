"""One discovery in a process of its own: how long it took, and what it found, as JSON."""

import hashlib
import json
import sys
import time
from pathlib import Path

from tap_netsuite_tba.tap import TapNetSuite


def main() -> None:
    """Discover by the configuration in the file that the command line names."""
    config = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    began, worked = time.perf_counter(), time.process_time()
    text = TapNetSuite(config=config).catalog_json_text
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    streams = json.loads(text)["streams"]
    found = {
        "seconds": seconds,
        "cpu": cpu,
        "tables": len(streams),
        "columns": sum(len(stream["schema"]["properties"]) for stream in streams),
        "fingerprint": hashlib.sha256(text.encode()).hexdigest(),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
