"""Write the lock files anew from the requirement files: `python3 installer/lock.py [--upgrade]`.

Needs uv, in `.venv` or on the PATH. The locks hold names, versions, markers and hashes and no address, so
they say what is installed and never where from. `test.lock` is held to the versions of `run.lock`: a tested
program and a running one stand on the same libraries.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCKS = HERE / "locks"
OLDEST_PYTHON = "3.11"
FIXED_OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
)


def main() -> int:
    """Write `run.lock`, then `test.lock` on top of it. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Write installer/locks anew from the requirement files.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions instead of the locked ones")
    upgrade = parser.parse_args().upgrade
    uv = shutil.which("uv", path=str(HERE.parent / ".venv" / "bin")) or shutil.which("uv")
    if uv is None:
        print("lock: uv is missing. Install it into .venv with: .venv/bin/pip install uv", file=sys.stderr)
        return 1
    LOCKS.mkdir(exist_ok=True)
    run, test = LOCKS / "run.lock", LOCKS / "test.lock"
    build = HERE / "requirements-build.in"
    for lock, sources in (
        (run, [HERE / "requirements.in", build]),
        (test, [HERE / "requirements-test.in", build, "--constraint", run]),
    ):
        command = [uv, "pip", "compile", "--python-version", OLDEST_PYTHON, *FIXED_OPTIONS]
        command += ["--upgrade"] if upgrade else []
        finished = subprocess.run([*command, *map(str, sources), "--output-file", str(lock)], check=False)
        if finished.returncode != 0:
            print(f"lock: {lock.name} was not written; what uv stated stands above.", file=sys.stderr)
            return 1
        if "://" in lock.read_text(encoding="utf-8"):
            print(f"lock: {lock.name} holds an address; a lock must not say where from.", file=sys.stderr)
            return 1
        print(f"lock: wrote {lock.relative_to(HERE.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
