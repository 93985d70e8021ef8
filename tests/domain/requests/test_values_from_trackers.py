"""What a tracker may bring into the fields of an item, and what stays what the tracker stated."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from memory_register import a_file
from process_site import ProcessSite
from ruled_site import FIELDS

from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.items import CreateItem, EditItem, MoveItem
from domain.commands.requests import DecideRequest, RequestCancellation
from domain.records.dues import due_days
from domain.rules.evidence import missing_evidence
from domain.trackers.plan import ImportPlan, PlannedRow
from domain.trackers.raw_rows import RowColumn

FILE = a_file("the tracker")
NAMES = ("key", "title", "due", "severity", "comments")
COLUMNS = tuple(RowColumn(column=n, header=name.title(), field=name) for n, name in enumerate(NAMES, 1))
COMMENTS = {"id": "comments", "title": "Comments", "kind": "text"}


def brought_in(site: ProcessSite, *, item: str = "", **stated: str) -> str:
    """An item as a tracker's row states it, new or brought up to date; its id comes back."""
    values = {"key": "K1", "title": "Fix the pump", **stated}
    row = PlannedRow(
        row=7,
        key="K1",
        fingerprint=str(values),
        values=values,
        columns=COLUMNS,
        texts=tuple(values.get(name, "") for name in NAMES),
        kinds=("",) * len(NAMES),
    )
    rows = {"new": () if item else (row,), "changed": (msgspec.structs.replace(row, item=item),) if item else ()}
    nothing: dict[str, Any] = dict.fromkeys(("same", "refused", "skipped", "problems", "ambiguous"), ())
    plan = ImportPlan(
        file_name="tracker.xlsx", sha256=FILE.sha256, sheet="S", header_row=3, rows=1, columns=COLUMNS, day_first={},
        mapping={}, fields={name: n for n, name in enumerate(NAMES, 1)}, unmapped=(), warnings=(), **rows, **nothing,
    )  # fmt: skip
    site.vault.bring_in("Lea", plan, process="work", file=FILE)
    return item or str(site.register.item("T1-W-0001").id)


@pytest.mark.parametrize(("stated", "severity"), [("high", "high"), ("HIGH ", "high"), ("Huge", ""), ("", "")])
def test_a_severity_that_the_process_does_not_know_stays_what_the_tracker_stated(stated: str, severity: str) -> None:
    site = ProcessSite()
    found = site.item(brought_in(site, severity=stated))
    assert found.severity == severity
    kept = [["Severity", "D7", stated, ""]] if stated and not severity else []
    assert [each for each in found.legacy if each[0] == "Severity"] == kept


@pytest.mark.parametrize(("set_by", "taken"), [((), True), (("lead",), True), (("worker",), False)])
def test_whoever_may_not_set_a_field_brings_nothing_into_it(set_by: tuple[str, ...], *, taken: bool) -> None:
    site = ProcessSite(fields=[*FIELDS, {**COMMENTS, "set_by": list(set_by)}])
    found = site.item(brought_in(site, comments="It is good"))
    assert found.values.get("comments") == ("It is good" if taken else None)
    assert (["Comments", "E7", "It is good", ""] in found.legacy) is not taken


def test_a_day_that_has_passed_is_not_replaced_by_reading_the_tracker_again() -> None:
    site = ProcessSite()
    item = brought_in(site, due="2026-10-01")
    brought_in(site, item=item, due="2026-12-24")
    assert site.item(item).due == "2026-10-01"
    assert site.register.imports()[-1].refused[0]["reason"]["message"] == "imports.the_due_day_of"
    assert site.refused(EditItem, "Lea", item, fields={"due": "2026-12-24"}, reason="Late") == {"due.locked"}


def test_a_day_to_come_that_the_tracker_moves_stays_the_first_one_promised() -> None:
    site = ProcessSite()
    item = brought_in(site, due="2026-12-01")
    brought_in(site, item=item, due="2026-12-24")
    days = due_days(site.file(item))
    assert [(each.day, each.reason) for each in days] == [("2026-12-01", ""), ("2026-12-24", "tracker.xlsx")]


def test_evidence_is_asked_for_while_the_fields_say_so() -> None:
    proof = {"id": "proof", "title": "Proof", "reviewer_role": "lead", "required_when": {"severity": ["high"]}}
    site = ProcessSite(evidence=[proof])
    for severity, rules in (("low", []), ("high", ["evidence.missing"])):
        item = site.begun(severity=severity)
        assert [each.rule for each in missing_evidence(site.vault.facts(item), "doing->checking")] == rules
    site.do(AddEvidence, "Wim", item, requirement="proof", file=a_file("x"), file_name="x.txt")
    evidence = site.file(item).evidence[-1].id
    site.do(ReviewEvidence, "Lea", item, evidence=evidence, accept=True)
    site.do(MoveItem, "Olga", item, step="checking")


def test_a_disposition_that_the_process_does_not_know_is_asked_for_and_granted_by_nobody() -> None:
    site = ProcessSite()
    item = site.new()
    unknown = {"actions": "forgotten", "told": "all"}
    asked = {"reason": "Twice", "code": "duplicate"}
    assert site.refused(RequestCancellation, "Olga", item, dispositions=unknown, **asked) == {"cancel.disposition"}
    site.do(RequestCancellation, "Olga", item, dispositions={"actions": "dropped", "told": "all"}, **asked)
    request = site.file(item).requests[-1]
    site.do(DecideRequest, "Lea", item, request=request.id, approve=True)
    assert site.item(item).state == "cancelled"


def test_what_a_person_sets_by_hand_is_a_choice_of_the_process() -> None:
    site = ProcessSite()
    for fields in ({"severity": "huge"}, {"verdict": "perhaps"}):
        assert "field.kind" in site.refused(EditItem, "Lea", site.new(), fields=fields, reason="x")
    made = site.vault.act(CreateItem, "Wim", process="work", fields={"title": "x", "severity": "low"})
    assert made.subject
