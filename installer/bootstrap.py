"""Set Countersign up on a fresh machine, then show it, test it or start it.

    python3 installer/bootstrap.py demo    make a vault and take one item from a spreadsheet to its closure pack
    python3 installer/bootstrap.py test    run every check and every test
    python3 installer/bootstrap.py app     start the window

Only the standard library is used, since nothing else is there yet. Each command first makes `.venv` with the
locked dependencies (every file checked against its hash) and the project in it; a second run finds that done and
takes no time. Where the system lacks something that needs an administrator, the exact command is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import system_libraries as system

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "countersign-setup.json"
LOCKS = PROJECT / "installer" / "locks"
OLDEST_PYTHON = (3, 11)

CHECKS = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("import contracts", ["lint-imports", "--no-logo"]),
)
TESTS = ["pytest", "-n", "2"]


class SetUpError(Exception):
    """The set-up cannot go on; the text says what is missing and what to do."""


def main() -> int:
    """Run the command asked for. Returns the exit code: 0 well, 1 something failed, 2 wrong usage."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"Countersign needs Python 3.11 or newer; {sys.executable} is {found}.", file=sys.stderr)
        print("Run this script with a newer one, for example: python3.11 installer/bootstrap.py test", file=sys.stderr)
        return 1
    parser = argparse.ArgumentParser(description="Set Countersign up, then show it, test it or start it.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="{demo,test,app}")
    commands.add_parser(
        "demo", help="set up, run the main job on the built-in sample, open the app if there is a display"
    )
    commands.add_parser("test", help="set up with the test tools, run every check and every test")
    commands.add_parser("app", help="set up and start the app")
    wanted = parser.parse_args().command
    try:
        set_up(for_tests=wanted == "test", for_a_screen=wanted == "app" or _has_display())
        return {"demo": run_demo, "test": run_tests, "app": run_app}[wanted]()
    except (SetUpError, system.NotInstalledError) as problem:
        print(f"\nNot done: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Running the same command again goes on where this left off.", file=sys.stderr)
        return 130


def set_up(*, for_tests: bool, for_a_screen: bool) -> None:
    """Make sure of the system libraries, the virtual environment, the locked dependencies and the project in it.

    Raises:
        SetUpError: the virtual environment or the dependencies could not be installed.
        system.NotInstalledError: a library of the system is missing.
    """
    began = time.monotonic()
    os.chdir(PROJECT)
    needed, wanted = system.missing_for_qt(), system.missing_for_a_screen()
    if not _venv_works():
        needed += system.missing_for_venv()
    if for_a_screen:
        needed, wanted = needed + wanted, []
    if for_tests:
        wanted += system.missing_for_tests()
    if needed:
        system.install(needed, why="What Countersign stands on")
    if wanted:
        _install_if_possible(wanted)
    if not _venv_works():
        _make_venv()
    _install_locked(lock=LOCKS / ("test.lock" if for_tests else "run.lock"))
    print(f"Set-up is complete ({time.monotonic() - began:.0f} s).", flush=True)


def run_tests() -> int:
    """Run every check, then the tests; report each, the tests' own closing line last."""
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    failed = []
    for name, command in CHECKS:
        print(f"\n-- {name}", flush=True)
        if _run(command, environment=environment) != 0:
            failed.append(name)
    print(f"\n-- checks before the tests: {'FAILED: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    print("\n-- tests", flush=True)
    tests = _run(TESTS, environment=environment)
    return 1 if failed or tests != 0 else 0


def run_demo() -> int:
    """Run the main job on the built-in sample in a fresh folder, then open the app on it if there is a display."""
    folder = _fresh_demo_folder()
    print(f"\nThe demonstration runs in {folder.relative_to(PROJECT)}/", flush=True)
    code = _run(["countersign", "demo", str(folder.relative_to(PROJECT))])
    if code != 0:
        print(f"\nThe demonstration stopped with exit code {code}; what went wrong stands above.", file=sys.stderr)
        return 1
    if not _has_display():
        print("\nThere is no display here, so the app was not opened.")
        return 0
    vaults = sorted(str(vault.relative_to(PROJECT)) for vault in folder.glob("*.vault"))
    return 1 if _run(["countersign-app", *vaults[:1]]) else 0


def run_app() -> int:
    """Start the window."""
    return 1 if _run(["countersign-app"]) else 0


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) or sys.platform in {"win32", "darwin"}


def _install_if_possible(packages: list[str]) -> None:
    """Install what only a window or some tests need. Without it those tests skip, so a failure is only stated."""
    try:
        system.install(packages, why="What windows and some tests stand on")
    except system.NotInstalledError as problem:
        print(f"  Going on without {' '.join(packages)}; tests that need them will skip.\n  {problem}", flush=True)


def _venv_works() -> bool:
    if not PYTHON.exists():
        return False
    asked = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-c", asked], capture_output=True, check=False).returncode == 0


def _make_venv() -> None:
    print("  Making .venv", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode != 0 or not _venv_works():
        stated = (finished.stdout + finished.stderr).strip()
        raise SetUpError(f"the virtual environment .venv could not be made. Python stated:\n{stated}")


def _install_locked(*, lock: Path) -> None:
    """Install what the lock names and the project itself, unless the stamp says that this was done."""
    wanted = _fingerprints(lock)
    done = json.loads(STAMP.read_text(encoding="utf-8")) if STAMP.exists() else {}
    if all(done.get(name) == value for name, value in wanted.items()):
        return
    # A stamp of an older state must not outlive an installation that stops half-way.
    STAMP.unlink(missing_ok=True)
    print(f"  Installing the libraries of {lock.name} (the first time this takes some minutes)", flush=True)
    _pip(
        # Ready-made packages only: building one would fetch and run what no lock has named.
        ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)],
        remedy="Check the network connection (behind a proxy: https_proxy, PIP_CERT), then run the command again.",
    )
    print("  Installing Countersign itself", flush=True)
    _pip(["--no-deps", "--no-build-isolation", "-e", "."], remedy="The project's files may be incomplete.")
    STAMP.write_text(json.dumps(wanted, indent=1), encoding="utf-8")


def _fingerprints(lock: Path) -> dict[str, str]:
    """Say what an installation depends on. An installation from `test.lock` serves `run.lock` too."""
    definition = [PROJECT / "pyproject.toml", PROJECT / "installer" / "requirements.in"]
    wanted = {"project": _digest(*definition), lock.name: _digest(lock)}
    if lock.name == "test.lock":
        wanted["run.lock"] = _digest(LOCKS / "run.lock")
    return wanted


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _pip(arguments: list[str], *, remedy: str) -> None:
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", *arguments]
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    if subprocess.run(command, env=environment, check=False).returncode != 0:
        raise SetUpError(f"pip could not finish; its output stands above.\n{remedy}")


def _fresh_demo_folder() -> Path:
    """Return a folder below demo/ that does not exist yet: somebody may have gone on working in an earlier one."""
    number = 1
    while (folder := PROJECT / "demo" / str(number)).exists():
        number += 1
    folder.parent.mkdir(exist_ok=True)
    return folder


def _run(command: list[str], *, environment: dict[str, str] | None = None) -> int:
    program = shutil.which(command[0], path=str(PROGRAMS))
    if program is None:
        raise SetUpError(f"{command[0]} is not in {PROGRAMS.relative_to(PROJECT)}. Remove .venv and run this again.")
    return subprocess.run([program, *command[1:]], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
