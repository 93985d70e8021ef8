"""What Qt and the tests need from the operating system, and how a Debian machine gets it.

Only the standard library: this runs before anything is installed. A library is looked for by loading it, the
way Qt will, so a half-installed or foreign one is found out here and not by a window that does not open.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""Shared library -> Debian package: what Qt cannot be loaded without. Checked on a bare Debian 12."""

SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-sync.so.1": "libxcb-sync1",
}
"""What a window on a real screen needs as well (Qt's xcb plug-in)."""

TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "openssl": "openssl",
    "fc-list": "fontconfig",
}
"""Programs the tests judge our output with -> Debian package. A test whose judge is missing skips and says so."""


LINES_QUOTED = 5
TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")
TRUSTED_BY_HAND = Path("/usr/local/share/ca-certificates")
CERTIFICATE_UPDATER = "/usr/sbin/update-ca-certificates"


class NotInstalledError(Exception):
    """Something the system must provide is missing and could not be installed; the text says what to do."""


def missing_for_qt() -> list[str]:
    """Return the Debian packages without which Qt cannot be loaded here (none outside Linux)."""
    return _missing(QT_LIBRARIES)


def missing_for_a_screen() -> list[str]:
    """Return the Debian packages without which no window opens on a screen here (none outside Linux)."""
    return _missing(SCREEN_LIBRARIES)


def missing_for_tests() -> list[str]:
    """Return the Debian packages of the judges the tests would like and do not find."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for program, package in TEST_PROGRAMS.items() if shutil.which(program) is None]


def missing_for_venv() -> list[str]:
    """Return the Debian package a bare `python3` lacks to make a virtual environment with pip in it."""
    complete = importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")
    return [] if complete else ["python3-venv"]


def install(packages: list[str], *, why: str) -> None:
    """Install Debian packages with apt-get, as root or with a sudo that asks nothing.

    Raises:
        NotInstalledError: there is no apt-get, no right to use it, or it failed.
    """
    names = " ".join(packages)
    by_hand = f"apt-get update && apt-get install -y --no-install-recommends {names}"
    if shutil.which("apt-get") is None:
        raise NotInstalledError(
            f"{why}: missing {names} (Debian's names), and this system has no apt-get.\n"
            "Install what your system calls them, then run this again."
        )
    may_install = _as_administrator()
    if may_install is None:
        raise NotInstalledError(
            f"{why}: system packages are missing, and only an administrator may install them here.\n"
            f"Run this, then run the same command again:\n  sudo sh -c '{by_hand}'"
        )
    print(f"  {why}: installing {names}", flush=True)
    _keep_trusted_certificates()
    apt = [*may_install, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        finished = subprocess.run([*apt, *step], capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            stated = (finished.stderr or finished.stdout).strip().splitlines()[-LINES_QUOTED:]
            raise NotInstalledError(
                f"apt-get {step[0]} failed. The end of its output:\n  "
                + "\n  ".join(stated)
                + f"\nCheck the network and the package sources, or run by hand:\n  {by_hand}"
            )


def _missing(libraries: dict[str, str]) -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    return [package for library, package in libraries.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _keep_trusted_certificates() -> None:
    """Keep a certificate bundle that was laid down by hand, as for a company's proxy.

    `python3-venv` brings the package ca-certificates, which writes that bundle anew, and pip would then trust the
    proxy no longer. What lies in TRUSTED_BY_HAND goes into every new bundle.
    """
    if Path(CERTIFICATE_UPDATER).exists() or not TRUSTED.is_file() or not os.access(TRUSTED_BY_HAND.parent, os.W_OK):
        return
    TRUSTED_BY_HAND.mkdir(exist_ok=True)
    shutil.copyfile(TRUSTED, TRUSTED_BY_HAND / "trusted-before.crt")


def _as_administrator() -> list[str] | None:
    """Return what to put before apt-get: nothing for root, sudo where it asks nothing, None where neither is."""
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return quietly
    if shutil.which("sudo") is None:
        return None
    asks_nothing = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n", *quietly] if asks_nothing else None
