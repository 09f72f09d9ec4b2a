"""All benchmarks, or those that are named, one after another, each in a process of its own.

The names: {names}.
"""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SUBJECTS: Mapping[str, str] = {
    "large": "A large table",
    "small": "Many small tables",
    "linear": "By the number of rows",
    "nothing_new": "Nothing new",
    "churn": "With churn",
    "rows": "A row's way through the tap",
    "memory": "Memory",
    "discovery": "Discovery",
    "documents": "Documents of records",
    "host_pool": "Sessions shared on a host",
}
"""What the benchmarks are about, by their names."""

_DRAW = frozenset({"large", "small"})
_TAKE_ROWS = frozenset({"large"})


def main() -> int:
    """Run them; the exit code is 1 if one fails."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=(__doc__ or "").format(names=", ".join(SUBJECTS))
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--size", choices=["tiny", "quick", "full"], default="quick")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="draw the sessions there")
    parser.add_argument("--rows", metavar="NUMBER", help="of large: one table of so many rows")
    told = parser.parse_args()
    if unknown := [name for name in told.names if name not in SUBJECTS]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, {python}\n")
    failed = []
    for name in told.names or SUBJECTS:
        print(f"## {SUBJECTS[name]}\n", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", "--size", told.size]
        if told.plots and name in _DRAW:
            command += ["--plots", str(told.plots)]
        if told.rows and name in _TAKE_ROWS:
            command += ["--rows", told.rows]
        if subprocess.run(command, check=False).returncode:  # noqa: S603 - our own modules
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
