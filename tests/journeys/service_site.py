"""A site that runs service requests: one vault, its people, and a clock that stands where a test puts it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import time_machine
from command_line import CommandOutput, command, secret_file

FIRST_ADMIN = "Ada Admin"
PEOPLE = {
    "Rita Requester": "requester",
    "Sue Desk": "service_desk",
    "Bea Budget": "approver",
    "Petra Procurement": "procurement",
    "Olaf Operations": "operations",
}
MONDAY, TUESDAY = "2027-03-01T", "2027-03-02T"
A_WEEK_LATER = "2027-03-09T"


class Site:
    """One vault and its people; the clock stands where a test puts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault = folder / "V.vault"
        self.secrets = {
            name: secret_file(folder, f"{name.lower()} has words of their own", f"{name}.txt")
            for name in (FIRST_ADMIN, *PEOPLE)
        }

    def typed(self, at: str, name: str, words: str, *more: object) -> CommandOutput:
        with time_machine.travel(at, tick=False):
            return command(
                *words.split(), self.vault, *more, "--as", name, "--passphrase-file", self.secrets[name], "--json"
            )

    def type(self, at: str, name: str, words: str, *more: object, fails: int = 0) -> Any:
        output = self.typed(at, name, words, *more)
        assert output.code == fails, output
        return output.error() if fails else output.answer()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    # A small computer stretches passphrases less; nothing else about the program changes.
    monkeypatch.setattr("desktop.vault.passphrases.SMALL_MACHINE_BYTES", 1 << 62)
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    site = Site(tmp_path)
    with time_machine.travel("2027-03-01T06:00Z", tick=False):
        made = command(
            *("vault", "new", site.vault, "--name", "Site A", "--person", FIRST_ADMIN),
            *("--passphrase-file", site.secrets[FIRST_ADMIN], "--json"),
        )
    assert made.code == 0, made
    early = f"{MONDAY}06:00Z"
    for name, role in PEOPLE.items():
        more = ("--person", name, "--role", role, "--new-passphrase-file", site.secrets[name])
        site.type(early, FIRST_ADMIN, "people add", "--identity", "Passport seen", *more)
    return site
