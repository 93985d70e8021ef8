"""Freeze a store format: its schema as text, and a small vault of it with what must be found in it.

Run it only while a format has not been given to anyone: afterwards a change of the schema is a migration, and the
files of the older formats stay as they are for ever. While a format is open, every change of the tables is followed
by writing its step; freezing does both.

    python tests/golden/frozen_schema.py    # only the step from the format before, after a change of the tables
    python tests/golden/freeze_format.py    # the step, the schema and a vault of the newest format
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path[:0] = [str(PROJECT), str(HERE)]

from frozen_schema import declared, frozen_file, write_step  # noqa: E402 (found beside)

from desktop.building import CountersignBuilding  # noqa: E402 (the project is found first)
from desktop.clock import now  # noqa: E402 (same)
from desktop.incoming import incoming_file  # noqa: E402 (same)
from desktop.open_vault import UnlockedVault  # noqa: E402 (same)
from desktop.store.engine import STORE_FORMAT  # noqa: E402 (same)
from desktop.vault.passphrases import MINIMUM_COST  # noqa: E402 (same)
from domain.commands.evidence import AddEvidence
from domain.commands.items import CreateItem, MoveItem  # noqa: E402 (same)
from domain.errors import Refused  # noqa: E402 (same)
from domain.ports import ItemFilter  # noqa: E402 (same)

PASSPHRASE = "golden words that everybody may know"
FOUNDER, COLLEAGUE = "Greta Gold", "Quinn Quarz"
EVIDENCE = b"The spindle was replaced and ran 400 hours without a burr.\n"


def facts_of(vault: UnlockedVault, entries: int) -> dict[str, Any]:
    """What must be found in a golden vault: its first entries, its people, its items, its files."""
    register = vault.register
    return {
        "entries": entries,
        "leaves": [leaf.hex() for leaf in register.leaves()[:entries]],
        "people": sorted(person.name for person in register.people()),
        "items": [[line.number, line.title, line.step] for line in register.items(ItemFilter())],
        "files": sorted(register.files()),
    }


def _make(folder: Path) -> None:
    doors = CountersignBuilding(cost=MINIMUM_COST)
    place = folder / "Golden.vault"
    vault = doors.create_vault(place, name="Golden", person=FOUNDER, passphrase=PASSPHRASE)
    vault.add_person(name=COLLEAGUE, roles=("quality",), passphrase=PASSPHRASE)
    vault.lock()
    vault = doors.unlock(place, person=COLLEAGUE, passphrase=PASSPHRASE)
    fields = {"title": "Burr at edge C", "description": "14 of 200 parts rejected", "severity": "major"}
    vault.perform(CreateItem(process="capa", fields=fields))
    item = next(vault.register.items(ItemFilter())).id
    proof = folder / "proof.txt"
    proof.write_bytes(EVIDENCE)
    file = incoming_file(proof)
    vault.perform(AddEvidence(item=item, requirement="effectiveness_record", file=file, file_name=proof.name))
    try:
        vault.perform(MoveItem(item=item, step="closed", reason="too early"))
        raise SystemExit("the gate should have refused")
    except Refused:
        sys.stderr.write("One refusal is in it.\n")
    target = HERE / f"vault_v{STORE_FORMAT}.countersign"
    target.unlink(missing_ok=True)
    vault.backups.make(at=now(), to=target)
    facts = facts_of(vault, vault.register.log_size())
    target.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    vault.lock()


if __name__ == "__main__":
    write_step()
    with tempfile.TemporaryDirectory() as temp:
        os.environ["COUNTERSIGN_HOME"] = str(Path(temp) / "home")
        _make(Path(temp))
    frozen_file().write_text(declared(), encoding="utf-8")
    print(f"Format {STORE_FORMAT} is frozen.")
