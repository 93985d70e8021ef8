"""Freeze today's format of log and store: the schema as text, a vault of it, and what must be found in that vault.

    python tests/golden/freeze_format.py

writes `schema_v<N>.sql`, `vault_v<N>.countersign` and `vault_v<N>.json` anew, N being today's store format. Run it
after every change of the tables, the log or the records while that format has not been given to anyone; afterwards
a change of the tables is a migration to the next format, and these files stay as they are for ever.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from desktop.application import sample_vault  # noqa: E402 (the project is found first)
from desktop.application.application import CountersignApplication  # noqa: E402 (same)
from desktop.machine.clock import now  # noqa: E402 (same)
from desktop.session.unlocked_session import UnlockedSession  # noqa: E402 (same)
from desktop.store.engine import STORE_FORMAT  # noqa: E402 (same)
from desktop.store.tables import schema_statements  # noqa: E402 (same)
from desktop.vault.passphrases import MINIMUM_COST  # noqa: E402 (same)
from domain.commands.approvals import ApproveItem  # noqa: E402 (same)
from domain.commands.closure import CloseItem  # noqa: E402 (same)
from domain.commands.evidence import ReviewEvidence  # noqa: E402 (same)
from domain.commands.items import EditItem, HoldItem, MoveItem  # noqa: E402 (same)
from domain.records.item import Pack  # noqa: E402 (same)
from domain.state import ItemFilter  # noqa: E402 (same)

PASSPHRASE = "golden words that everybody may know"
FIRST_ADMIN, COLLEAGUE = sample_vault.ADMINISTRATOR, sample_vault.QUALITY
TRACKER = """No.;Finding;Details;Raised on;Severity;Action owner;Due date;Status
G-1;Label missing on drum 4;Seen at the trial-through;2026-03-02;Major;Ada Golden;2026-12-04;open
G-2;Gauge out of date;Größe und Prüfdatum unleserlich;2026-03-05;Minor;T. Wilk;2026-12-11;in progress
G-3;"Guard ""C"" loose";=1+1 stays text;2026-04-01;Critical;;asap;open
"""


def golden_file(number: int = STORE_FORMAT) -> Path:
    """The vault of a format, as one file."""
    return HERE / f"vault_v{number}.countersign"


def schema_file(number: int = STORE_FORMAT) -> Path:
    """The frozen schema of a format, one statement a line."""
    return HERE / f"schema_v{number}.sql"


def declared() -> str:
    """Every statement that makes an empty store, one a line."""
    return "".join(f"{statement};\n" for statement in schema_statements())


def facts_of(vault: UnlockedSession, entries: int) -> dict[str, Any]:
    """What must be found in a golden vault: its first entries, its people, its items, its files and packs."""
    register = vault.register
    return {
        "entries": entries,
        "leaves": [leaf.hex() for leaf in register.leaves()[:entries]],
        "people": sorted(person.name for person in register.people()),
        "items": [[line.number, line.title, line.step, line.state] for line in register.items(ItemFilter())],
        "files": sorted(register.files()),
        "packs": sorted(pack.file for pack in register.all_of(Pack)),
    }


def _make(folder: Path) -> None:
    place = folder / "Golden.vault"
    application = CountersignApplication(cost=MINIMUM_COST)
    _work(sample_vault._Sample(application, place, PASSPHRASE, None), application, folder)
    vault = application.unlock(place, person=FIRST_ADMIN, passphrase=PASSPHRASE)
    target = golden_file()
    target.unlink(missing_ok=True)
    vault.backup_files.make(at=now(), to=target)
    facts = facts_of(vault, vault.register.log_size())
    target.with_suffix(".json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    vault.lock()


def _work(scenario_run: sample_vault._Sample, application: CountersignApplication, folder: Path) -> None:
    """An import, a refusal, work on hold, and one item from its import to its closure pack."""
    scenario_run.people()
    tracker = folder / "tracker.csv"
    tracker.write_text(TRACKER, encoding="utf-8")
    vault = application.unlock(folder / "Golden.vault", person=sample_vault.IMPORTER, passphrase=PASSPHRASE)
    vault.run_import(vault.plan_import(tracker, process="capa"), tracker, process="capa")
    item, held, untouched = (line.id for line in vault.register.page(ItemFilter(process="capa"), offset=0, limit=3))
    vault.lock()
    with scenario_run.as_person(sample_vault.IMPORTER) as do:
        sample_vault._bring_to_cause(do, item, scenario_run.person_id(sample_vault.OWNER))
    with scenario_run.as_person(COLLEAGUE) as do:
        sample_vault._try_and_be_refused(do, untouched)
        do(HoldItem, item=held, reason="Waiting for the laboratory.", review_on="2027-01-15")
    with scenario_run.as_person(sample_vault.OWNER) as do:
        sample_vault._add(do, item, "cause_record", "trial.txt", "Trial on line 2.\n")
    with scenario_run.as_person(sample_vault.IMPORTER) as do:
        do(
            ReviewEvidence,
            item=item,
            evidence=scenario_run.evidence_of(item)["cause_record"],
            accept=True,
            note="Trial seen.",
        )
        do(MoveItem, item=item, step="plan", reason="Cause shown by trial.")
        do(
            EditItem,
            item=item,
            fields={**sample_vault._PLANNED, "effectiveness_checker": scenario_run.person_id(sample_vault.IMPORTER)},
            reason="Planned with the line.",
        )
    with scenario_run.as_person(COLLEAGUE) as do:
        do(ApproveItem, item=item)
    with scenario_run.as_person(sample_vault.PROCESS_OWNER) as do:
        do(ApproveItem, item=item)
    with scenario_run.as_person(sample_vault.OWNER) as do:
        sample_vault._carry_out(do, item)
    with scenario_run.as_person(sample_vault.IMPORTER) as do:
        sample_vault._verify(do, item, scenario_run.evidence_of(item))
    with scenario_run.as_person(COLLEAGUE) as do:
        do(ApproveItem, item=item)
    with scenario_run.as_person(sample_vault.PROCESS_OWNER) as do:
        do(ApproveItem, item=item)
    vault = application.unlock(folder / "Golden.vault", person=COLLEAGUE, passphrase=PASSPHRASE)
    vault.perform(CloseItem(item=item, outcome="reached", summary="No drum without label."), passphrase=PASSPHRASE)
    vault.make_pack(item)
    vault.lock()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temp:
        os.environ["COUNTERSIGN_HOME"] = str(Path(temp) / "home")
        _make(Path(temp))
    schema_file().write_text(declared(), encoding="utf-8")
    print(f"Format {STORE_FORMAT} is frozen.")
