"""A program yet to come adds a field to items: it opens, proves, works in and prints a vault of today; today's does not
open that vault again, and says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import PASSPHRASE, command, secret_file

from desktop.application.application import CountersignApplication
from domain.errors import NewerFormat

PROJECT = Path(__file__).resolve().parents[2]

GROWN = """
import sys
from pathlib import Path
from domain.records import item as items

class Item(items.Item, frozen=True, kw_only=True):
    colour: str = ""

items.Item = Item
from desktop.store import engine
engine.STORE_FORMAT += 1
engine.check_format.__kwdefaults__["known"] = engine.STORE_FORMAT
from desktop.store import migrations
def grow(connection):
    connection.exec_driver_sql("ALTER TABLE item ADD COLUMN colour TEXT DEFAULT '' NOT NULL")
step = migrations.Migration(to=engine.STORE_FORMAT, what="items have a colour", run=grow)
migrations.MIGRATIONS = (*migrations.MIGRATIONS, step)

from desktop.application.application import CountersignApplication
from desktop.application.using_backups import migrate
from desktop.pdf.verify_pack import verify_pack
from desktop.machine.clock import now
from desktop.session.signatory import KeySignatory
from domain.act import Act, Change, created
from domain.records.registry import RECORDS
from domain.state import ItemFilter
import msgspec

assert RECORDS["item"] is Item
opener, folder, passphrase = CountersignApplication(), Path(sys.argv[1]), sys.stdin.readline()[:-1]
person = opener.people_of(folder)[0]
done = migrate(folder, person=person, passphrase=passphrase, unlock_vault=opener.unlock)
print("migrated", done.after - done.before)
vault = opener.unlock(folder, person=person, passphrase=passphrase)
def write(name, *changes):
    act = Act(name=name, changes=changes, subject=old.id)
    output = {"signatory": KeySignatory(vault._keys, auth="session"), "at": now(), "zone": "UTC", "device": "d"}
    vault._store.record(act, **output)
lines = list(vault.register.items(ItemFilter()))
print("colours", {vault.register.item(line.id).colour for line in lines})
print("proven", vault.verify().findings)
closed = next(line for line in lines if line.state == "closed")
print("printed", verify_pack(vault.make_pack(closed.id)).findings)
old = vault.register.item(lines[0].id)
values = msgspec.to_builtins(old) | {"number": "X-CAPA-9999", "source_key": "", "source_fingerprint": ""}
del values["id"]
plain, red = (created("item", id_, values | {"colour": colour}) for id_, colour in (("plain", ""), ("red", "red")))
red.after["number"] = "X-CAPA-9998"
work = (Change("item", old.id, {"colour": ""}, {"colour": "blue"}), plain, red)
write("import_register", *work)
back = (Change("item", old.id, {"colour": "blue"}, {"colour": ""}),)
print("set", vault.register.item(old.id).colour, vault.register.item("red").colour, "colour" in plain.after)
write("edit_item", *back)
found = vault.verify().findings
stated = {each.text.split(" ", 2)[2] for each in found}
print("set back", repr(vault.register.item(old.id).colour), len(found), *stated)
vault.lock()
"""


def test_a_field_that_a_later_program_adds_to_items_is_read_proven_printed_and_set(
    sample_vault: Path, tmp_path: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", GROWN, str(sample_vault)],
        input=PASSPHRASE + "\n",
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        check=False,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "migrated 1",
        "colours {''}",
        "proven ()",
        "printed ()",
        "set blue red False",
        "set back '' 2 was not possible: The entry holds no command.",
    ]
    before = (sample_vault / "store.db").read_bytes()
    opener = CountersignApplication()
    with pytest.raises(NewerFormat, match="this program knows up to"):
        opener.unlock(sample_vault, person=opener.people_of(sample_vault)[0], passphrase=PASSPHRASE)
    name = opener.people_of(sample_vault)[0]
    output = command("log", "verify", sample_vault, "--as", name, "--passphrase-file", secret_file(tmp_path), "--json")
    assert (output.code, "newer Countersign" in output.error()["remedy"]) == (8, True), output
    assert (sample_vault / "store.db").read_bytes() == before
