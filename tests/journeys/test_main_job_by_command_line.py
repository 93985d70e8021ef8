"""The main job, typed: from an empty folder to a verified closure pack, with everything that is refused on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import SAMPLE_TRACKER, CommandOutput, command, files_of, real_command, secret_file

FIRST_ADMIN, CREATOR, SECOND, PROCESS, OWNER = "Ada Admin", "Quinn QA", "Quentin Second", "Priya Process", "Otto Owner"
ENROLLED = ((CREATOR, "quality"), (SECOND, "quality"), (PROCESS, "process_owner"), (OWNER, "auditor"))
LISTED = {"number", "title", "step", "owner", "due", "severity", "raised", "closed"}
CHECKED = {"sheet", "header_row", "rows", "new", "same", "changed", "refused", "mapping", "unmapped"}
RECORDS, ENTERED_TWICE = 324, 1
CONTAINED = (
    "correction=Label replaced and balance checked.",
    "containment=Balance locked.",
    "consequences=done: none found.",
)
CAUSED = (
    "cause_method=evident",
    "root_cause=The calibration plan names the old balance.",
    "similar_cases=All nine balances looked at: none.",
    "similar_result=none_found",
)
PLANNED = (
    "effectiveness_criterion=No expired label in three monthly walk-throughs.",
    "effectiveness_review_on=2026-12-18",
    "effectiveness_window=Three months.",
    f"effectiveness_checker={SECOND}",
)
JUDGED = ("effectiveness_verdict=effective", "risk_updated=not needed because unchanged", "system_changed=done: QP-07")


class Site:
    """One vault and its people, each with a passphrase file of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault = folder / "V.vault"
        self.secrets = {
            name: secret_file(folder, f"{name.lower()} has words of their own", f"{name}.txt")
            for name in (FIRST_ADMIN, *(name for name, _ in ENROLLED))
        }

    def type(self, name: str, words: str, *more: object, fails: int = 0) -> Any:
        """Type `words`, where VAULT stands for the vault, as a person; what was shown as JSON comes back."""
        output = self.typed(name, words, *more)
        if fails:
            assert output.code == fails, output
            return output.error()
        assert output.code == 0, output
        return output.answer()

    def brought(self, verb: str, tracker: Path) -> Any:
        """Import a tracker (or check it) of which a row is refused: it says so by its exit code."""
        output = self.typed(CREATOR, f"import {verb}", tracker, "--process", "capa")
        value = output.json()
        assert output.code == (1 if value["refused"] else 0), output
        return value

    def typed(self, name: str, words: str, *more: object) -> CommandOutput:
        return command(
            *words.split(), self.vault, *more, "--as", name, "--passphrase-file", self.secrets[name], "--json"
        )


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    # A small computer stretches passphrases less; nothing else about the program changes.
    monkeypatch.setattr("desktop.vault.passphrases.SMALL_MACHINE_BYTES", 1 << 62)
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    site = Site(tmp_path)
    made = command(
        *("vault", "new", site.vault, "--name", "Site A", "--person", FIRST_ADMIN),
        *("--passphrase-file", site.secrets[FIRST_ADMIN], "--json"),
    )
    assert made.code == 0, made
    assert made.json()["people"] == [FIRST_ADMIN]
    for name, role in ENROLLED:
        enrolled = site.type(
            FIRST_ADMIN,
            "people add",
            "--identity",
            "Passport seen",
            "--person",
            name,
            "--role",
            role,
            "--new-passphrase-file",
            site.secrets[name],
        )
        assert (enrolled["name"], enrolled["roles"]) == (name, [role])
    return site


def rules(refusal: dict[str, Any]) -> set[str]:
    """The rules that refused, after a look at each obstacle: what, remedy, and who can."""
    assert refusal["kind"] == "Refused"
    assert refusal["obstacles"]
    for obstacle in refusal["obstacles"]:
        assert set(obstacle) == {"rule", "text", "remedy", "responsible", "about"}
        assert all(obstacle[part] for part in ("rule", "text", "remedy"))
    return {obstacle["rule"] for obstacle in refusal["obstacles"]}


def prove(site: Site, item: str, requirement: str, who: str, *, judge: str) -> None:
    """One adds a file; who added it cannot accept it, another one does."""
    proof = site.folder / f"{requirement}.txt"
    proof.write_text(f"{requirement}: seen at the laboratory\n", encoding="utf-8")
    added = site.type(who, "evidence add", item, proof, "--requirement", requirement)
    assert added["revision"] == 1
    assert rules(site.type(who, "evidence review", item, added["evidence"], "--accept", fails=5))
    assert site.type(judge, "evidence review", item, added["evidence"], "--accept")["state"] == "accepted"


def newest_entry(site: Site) -> dict[str, Any]:
    entry: dict[str, Any] = site.type(FIRST_ADMIN, "log list", "--limit", 1)[0]
    return entry


def test_a_tracker_becomes_governed_work_and_one_item_is_closed_with_proof(site: Site) -> None:
    assert {one["name"]: one["roles"] for one in site.type(FIRST_ADMIN, "people list")} == {
        FIRST_ADMIN: ["administrator"],
        **{name: [role] for name, role in ENROLLED},
    }
    shipped = command("process", "list", site.vault, "--json").items()
    assert "capa" in [process["id"] for process in shipped]

    # The tracker comes in: first the dry run, then the act.
    before = files_of(site.vault)
    plan = site.brought("check", SAMPLE_TRACKER)
    assert files_of(site.vault) == before, "a check changes nothing"
    assert set(plan) >= CHECKED
    assert (plan["sheet"], plan["header_row"], plan["rows"]) == ("CAPA list", 4, RECORDS)
    assert (plan["new"], plan["same"], plan["changed"], len(plan["refused"])) == (RECORDS - 1, 0, 0, ENTERED_TWICE)
    assert set(plan["refused"][0]) == {"sheet", "row", "cell", "reason", "raw"}
    assert plan["mapping"].items() >= {"title": "Finding", "key": "CAPA No.", "due": "Due date"}.items()
    assert "Yearly saving" in plan["unmapped"]
    assert rules(site.type(OWNER, "import run", SAMPLE_TRACKER, "--process", "capa", fails=5))
    done = site.brought("run", SAMPLE_TRACKER)
    assert done["counts"]["new"] == RECORDS - 1
    lines = site.type(OWNER, "item list")
    assert len(lines) == RECORDS - 1
    assert all(set(line) >= LISTED for line in lines)
    assert {line["step"] for line in lines} == {"reported"}
    item = next(line["number"] for line in lines if line["title"] and line["raised"])

    # Out of order: refused with reasons, and the command is in the log.
    refusal = site.type(CREATOR, "close", item, "--outcome", "reached", fails=5)
    assert rules(refusal)
    assert newest_entry(site)["act"] == "record_refusal"
    assert newest_entry(site)["subject_number"] == item
    assert site.type(CREATOR, "item move", item, "implementation", fails=5)["what"]
    assert rules(site.type(CREATOR, "item move", item, "containment", fails=5))

    # To the plan.
    site.type(CREATOR, "item assign", item, OWNER, "--reason", "Owner of the laboratory.")
    site.type(CREATOR, "item set", item, "--reason", "Seen anew", "severity=major", "description=Expired label found.")
    for step, values in (("containment", CONTAINED), ("cause", CAUSED), ("plan", PLANNED)):
        if step == "plan":
            assert rules(site.type(CREATOR, "item move", item, step, fails=5)) == {"evidence.missing"}
            prove(site, item, "cause_record", OWNER, judge=SECOND)
        assert site.type(CREATOR, "item move", item, step, "--reason", "Ready.")["step"] == step
        site.type(OWNER, "item set", item, "--reason", "Seen anew", *values)
    action = {"action": "Correct the plan", "responsible": OWNER, "due": "2026-12-04", "state": "open", "remark": ""}
    site.type(OWNER, "item set", item, "--reason", "Seen anew", f"actions={json.dumps([action])}")

    # Two people approve, neither the creator nor the owner nor one of them twice.
    assert rules(site.type(OWNER, "item move", item, "implementation", fails=5)) >= {"approval.missing"}
    assert rules(site.type(CREATOR, "approve", item, fails=5))
    given = site.type(SECOND, "approve", item, "--meaning", "I have reviewed cause and plan.")["approval"]
    assert (given["level"], given["decision"]) == (1, "approved")
    assert rules(site.type(SECOND, "approve", item, fails=5))
    assert site.type(PROCESS, "approve", item)["approval"]["level"] == 2
    assert rules(site.type(PROCESS, "approve", item, fails=5))
    assert site.type(OWNER, "item move", item, "implementation", "--reason", "Released.")["step"] == "implementation"

    # Evidence: nobody accepts what they added.
    site.type(OWNER, "item set", item, "--reason", "Seen anew", f"actions={json.dumps([{**action, 'state': 'done'}])}")
    assert rules(site.type(OWNER, "item move", item, "verification", fails=5)) >= {"evidence.missing"}
    prove(site, item, "implementation_record", OWNER, judge=CREATOR)
    prove(site, item, "effectiveness_record", OWNER, judge=SECOND)
    site.type(OWNER, "item move", item, "verification", "--reason", "Implemented.")
    site.type(CREATOR, "item set", item, "--reason", "Seen anew", *JUDGED)

    # Closing: two people again, then the pack.
    assert rules(site.type(CREATOR, "close", item, "--outcome", "reached", fails=5)) >= {"approval.missing"}
    site.type(SECOND, "approve", item)
    site.type(PROCESS, "approve", item)
    pack = site.folder / "OUT.pdf"
    closed = site.type(CREATOR, "close", item, "--outcome", "reached", "--pack", pack, "--summary", "No repeat.")
    assert closed["outcome"] == "reached"
    shown = site.type(OWNER, "item show", item)
    assert (shown["step"], shown["state"]) == ("closed", "closed")
    assert shown["packs"][-1]["file"] == closed["sha256"]
    assert {one["name"] for one in shown["approvals"]} == {SECOND, PROCESS}
    acts = [entry["act"] for entry in site.type(OWNER, "item history", item)]
    assert acts[0] == "import_register"
    assert {"assign_item", "move_item", "approve_item", "review_evidence", "close_item", "record_refusal"} <= set(acts)

    # The paper proves itself; altered, it does not.
    verdict = command("pack", "verify", pack, "--json")
    assert (verdict.code, verdict.json()["verified"]) == (0, True)
    assert verdict.json()["number"] == item
    altered = site.folder / "altered.pdf"
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 1
    altered.write_bytes(bytes(data))
    verdict = command("pack", "verify", altered, "--json")
    assert (verdict.code, verdict.json()["verified"]) == (1, False)
    again = site.folder / "again.pdf"
    assert site.type(OWNER, "pack make", item, "--out", again)["bytes"] == again.stat().st_size
    assert command("pack", "verify", again).code == 0

    # And so does the log.
    log = site.type(FIRST_ADMIN, "log verify")
    assert (log["intact"], log["findings"]) == (True, [])
    checkpoint = site.type(FIRST_ADMIN, "log checkpoint")
    assert checkpoint["size"] == log["entries"]
    assert checkpoint["note"].startswith(f"{checkpoint['origin']}\n{checkpoint['size']}\n{checkpoint['root']}\n")


def test_a_tracker_imported_again_brings_only_what_changed(site: Site) -> None:
    site.brought("run", SAMPLE_TRACKER)
    again = site.brought("check", SAMPLE_TRACKER)
    assert (again["new"], again["same"], again["changed"]) == (0, RECORDS - ENTERED_TWICE, 0)

    book = openpyxl.load_workbook(SAMPLE_TRACKER)
    row = next(row for row in book["CAPA list"].iter_rows(min_row=6) if row[0].value == "CAPA-0003")
    row[2].value = "Somebody wrote another title here"
    edited = site.folder / "edited.xlsx"
    book.save(edited)
    changed = site.brought("check", edited)
    assert (changed["new"], changed["same"], changed["changed"]) == (0, RECORDS - ENTERED_TWICE - 1, 1)
    assert site.brought("run", edited)["counts"]["changed"] == 1
    found = site.type(OWNER, "item list", "--search", "Somebody wrote another title")
    assert len(found) == 1
    assert len(site.type(OWNER, "item list")) == RECORDS - ENTERED_TWICE
    assert site.type(OWNER, "log verify")["intact"]


def test_the_same_by_real_processes(sample_vault: Path, tmp_path: Path) -> None:
    secret, new = secret_file(tmp_path), tmp_path / "V.vault"

    def typed(words: str, folder: Path, *more: object, person: str = "", code: int = 0) -> CommandOutput:
        who = ("--as", person) if person else ()
        output = real_command(*words.split(), folder, *more, *who, "--passphrase-file", secret, "--json")
        assert output.code == code, output
        return output

    typed("vault new", new, "--name", "Site A", "--person", FIRST_ADMIN)
    enrolment = ("--person", CREATOR, "--role", "quality", "--new-passphrase-file", secret)
    typed("people add", new, "--identity", "Passport seen", *enrolment, person=FIRST_ADMIN)
    imported = typed("import run", new, SAMPLE_TRACKER, "--process", "capa", person=CREATOR, code=1).json()
    assert imported["new"] == RECORDS - ENTERED_TWICE
    assert typed("log verify", new, person=CREATOR).json()["intact"]

    waiting = typed("item list", sample_vault, "--step", "verification", person="Priya Process").items()
    item = waiting[0]["number"]
    refusal = typed("close", sample_vault, item, "--outcome", "reached", person="Quinn Quality", code=5)
    assert rules(refusal.error()) >= {"approval.missing"}
    given = typed("approve", sample_vault, item, person="Priya Process").json()["approval"]
    assert given["decision"] == "approved"
    pack = tmp_path / "OUT.pdf"
    typed("close", sample_vault, item, "--outcome", "reached", "--pack", pack, person="Quinn Quality")
    assert real_command("pack", "verify", pack, "--json").json()["verified"]
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(pack.read_bytes() + b"\n")
    assert real_command("pack", "verify", altered).code == 1
    assert typed("log verify", sample_vault, person="Ada Admin").json()["intact"]
