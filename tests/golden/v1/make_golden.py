"""Make the golden vault of format 1 beside this file: `python tests/golden/v1/make_golden.py`.

It is made once and then kept: later programs must open what this format's first program wrote. Making it anew
is for the time before a release only. Everything in it is invented test data; its passphrase lies beside it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2]))

from desktop.building import CountersignBuilding  # noqa: E402 (the project is found from where this file is)
from desktop.open_vault import UnlockedVault  # noqa: E402
from desktop.vault.passphrases import MINIMUM_COST  # noqa: E402
from domain.act import IncomingFile  # noqa: E402
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.items import AssignItem, EditItem, HoldItem, MoveItem  # noqa: E402
from domain.errors import Refused  # noqa: E402
from domain.ports import ItemFilter  # noqa: E402

VAULT, LISTING, SECRET = "Golden.vault", "listing.json", "passphrase.txt"
PASSPHRASE = "golden test data, nothing secret"
REMARK = "Test data: the line above opens the invented vault beside this file, for everyone in it."
FOUNDER, IMPORTER, QUALITY, PROCESS_OWNER = "Ada Golden", "Ivan Golden", "Quinn Golden", "Priya Golden"
PEOPLE = ((IMPORTER, "quality"), (QUALITY, "quality"), (PROCESS_OWNER, "process_owner"))
TRACKER = """No.;Finding;Details;Raised on;Severity;Action owner;Due date;Status;Line
G-1;Label missing on drum 4;Seen at the walk-through;2026-03-02;Major;Ada Golden;2026-12-04;open;A
G-2;Gauge out of date;Größe und Prüfdatum unleserlich;2026-03-05;Minor;T. Wilk;2026-12-11;in progress;B
G-3;"Guard ""C"" loose";=1+1 stays text;2026-04-01;Critical;;asap;open;C
G-4;Record not signed;;2026-04-09;Minor;Ada Golden;2026-12-18;closed;A
G-4;Record not signed;;2026-04-09;Minor;Ada Golden;2026-12-18;closed;A
"""
TO_THE_PLAN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("containment", {"correction": "Drum labelled.", "containment": "Lot blocked.", "consequences": "None found."}),
    ("cause", {"root_cause": "Printer ran out of labels; shown by its log.", "similar_cases": "All drums looked at."}),
    ("plan", {"effectiveness_criterion": "No drum without label in three months.", "due": "2026-12-18"}),
)
JUDGED = {"effectiveness_verdict": "effective", "risk_updated": "not needed: unchanged", "system_changed": "done: QP-4"}
Do = Callable[..., None]


def main() -> None:
    """Make vault and listing in a temporary place, then put them here."""
    with tempfile.TemporaryDirectory(prefix="golden-") as name:
        made = Path(name)
        os.environ["COUNTERSIGN_HOME"] = str(made / "home")
        _make(made)
        for old in (VAULT, LISTING, SECRET):
            path = HERE / old
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)
        (made / VAULT / "lock").unlink()
        for new in (VAULT, LISTING, SECRET):
            shutil.move(made / new, HERE / new)
    for file in sorted(HERE.rglob("*")):
        if file.is_file():
            print(f"{file.relative_to(HERE)}: {file.stat().st_size:,} bytes")


def _make(made: Path) -> None:
    building = CountersignBuilding(cost=MINIMUM_COST)
    vault = building.create_vault(made / VAULT, name="Golden Vault", person=FOUNDER, passphrase=PASSPHRASE)
    for person, role in PEOPLE:
        vault.add_person(name=person, roles=(role,), passphrase=PASSPHRASE)
    owner = vault.person.id
    vault.lock()

    def acting(person: str, work: Callable[[UnlockedVault, Do], None]) -> None:
        opened = building.unlock(made / VAULT, person=person, passphrase=PASSPHRASE)
        try:
            work(opened, lambda use_case, **facts: opened.perform(use_case, passphrase=PASSPHRASE, **facts))
        finally:
            opened.lock()

    tracker = made / "golden tracker.csv"
    tracker.write_text(TRACKER, encoding="utf-8")
    acting(IMPORTER, lambda opened, do: _begin(opened, do, tracker, owner))
    item = "GV-CAPA-0001"
    acting(FOUNDER, lambda _, do: _write(do, item))
    for person in (QUALITY, PROCESS_OWNER):
        acting(person, lambda _, do: do(ApproveItem, item=item))
    acting(FOUNDER, lambda _, do: _carry_out(do, item))
    acting(QUALITY, lambda opened, do: _judge(opened, do, item))
    acting(PROCESS_OWNER, lambda _, do: do(ApproveItem, item=item))
    acting(QUALITY, lambda opened, do: _close(opened, do, item))
    acting(FOUNDER, lambda opened, _: _list(opened, made))
    (made / SECRET).write_text(f"{PASSPHRASE}\n{REMARK}\n", encoding="utf-8")


def _begin(opened: UnlockedVault, do: Do, tracker: Path, owner: str) -> None:
    opened.run_import(opened.plan_import(tracker, process="capa"), tracker, process="capa")
    do(AssignItem, item="GV-CAPA-0002", person=owner, reason="Nobody of the tracker's name is here.")
    do(MoveItem, item="GV-CAPA-0001", step="containment", reason="Accepted.")
    do(HoldItem, item="GV-CAPA-0002", reason="Waiting for the laboratory.", review_on="2027-01-15")
    try:
        do(CloseItem, item="GV-CAPA-0003", outcome="reached")
    except Refused:
        return
    raise AssertionError("closing untouched work must be refused")


def _actions(state: str) -> dict[str, Any]:
    action = {"action": "Order labels in time", "responsible": FOUNDER, "due": "2026-12-04", "remark": ""}
    return {"actions": [{**action, "state": state}]}


def _write(do: Do, item: str) -> None:
    for step, fields in TO_THE_PLAN:
        if step != "containment":
            do(MoveItem, item=item, step=step, reason="Ready.")
        do(EditItem, item=item, fields=fields)
    do(EditItem, item=item, fields={"effectiveness_review_on": "2026-12-18", **_actions("open")})


def _carry_out(do: Do, item: str) -> None:
    do(MoveItem, item=item, step="implementation", reason="Plan released.")
    do(EditItem, item=item, fields=_actions("done"), reason="Carried out.")
    for requirement in ("implementation_record", "effectiveness_record"):
        data = f"{requirement} of {item}: invented for the golden vault.\n".encode()
        file = IncomingFile(sha256=sha256(data).hexdigest(), size=len(data), data=data)
        name = f"{requirement}.txt"
        do(AddEvidence, item=item, requirement=requirement, file=file, file_name=name, media_type="text/plain")


def _judge(opened: UnlockedVault, do: Do, item: str) -> None:
    for evidence in opened.register.item_file(item).evidence:
        do(ReviewEvidence, item=item, evidence=evidence.id, accept=True, note="Seen.")
    do(MoveItem, item=item, step="verification", reason="Implemented.")
    do(EditItem, item=item, fields=JUDGED, reason="Judged against the criterion.")
    do(ApproveItem, item=item)


def _close(opened: UnlockedVault, do: Do, item: str) -> None:
    do(CloseItem, item=item, outcome="reached", summary="No drum without label since.")
    opened.make_pack(item)


def _list(opened: UnlockedVault, made: Path) -> None:
    """What the vault says of itself on the day it was made."""
    verdict = opened.verify()
    assert verdict.intact, verdict.findings
    register = opened.register
    lines = register.items(ItemFilter())
    fields = ("id", "number", "title", "process", "step", "state", "owner", "due", "severity", "raised", "closed")
    listing = {
        "people": [person.name for person in register.people()],
        "entries": verdict.entries,
        "root": verdict.root,
        "checkpoint": opened.checkpoint(),
        "pack": register.item_file("GV-CAPA-0001").packs[-1].file,
        "refusals": [
            line.subject_number for line in register.log_page(before=10**6, limit=10**6) if "refusal" in line.act
        ],
        "items": [{field: getattr(line, field) for field in (*fields, "legacy_status")} for line in lines],
    }
    (made / LISTING).write_text(f"{json.dumps(listing, ensure_ascii=False, indent=1)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
