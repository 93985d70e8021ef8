"""The named states that examples of commands stand on: vaults in memory in which one thing or another was done."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "requests"))

import msgspec
from memory_register import MemoryVault, a_file, a_key
from process_site import CAST, EXCEPTION, definition

from domain.commands.alerts import RaiseAlerts
from domain.commands.approvals import ApproveItem, AskQuestion, ResubmitItem
from domain.commands.categories import DecideCategory, ProposeCategory
from domain.commands.changing import new_record
from domain.commands.closure import CloseItem
from domain.commands.delegation import GrantMandate
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.handoffs import AcceptHandoff
from domain.commands.imports import ImportRegister
from domain.commands.items import CreateItem, EditItem, HoldItem, MoveItem
from domain.commands.keys import AskReset, BeginRotation, GiveReset, KeepRecoverySheet
from domain.commands.links import LinkItems
from domain.commands.oversight import AskKey
from domain.commands.people import ConfirmPerson, DisablePerson, EnrolPerson, GrantRole
from domain.commands.process_versions import DraftProcess, PublishProcess
from domain.commands.requests import RequestCancellation, RequestChange
from domain.commands.risk_acceptance import DecideRiskAcceptance, RequestRiskAcceptance
from domain.commands.settings import ChangeSetting
from domain.commands.urgency import ApproveUrgent, MarkUrgent
from domain.identity import iso
from domain.messages import use_catalogue
from domain.rules.alert_scan import Scan
from resources.texts.catalogue import english

use_catalogue(english(), of_record=english())  # also where a script writes examples anew

PROCESS = {
    "urgent": {"role": "board", "meaning": "It cannot wait.", "confirm_hours": 16, "reasons": ["safety"]},
    "categories": {
        "field": "kind",
        "other": "other",
        "proposed_by": ["worker"],
        "approved_by": ["lead"],
        "meaning": "I agree to this category.",
    },
    "alerts": [
        {"id": "hold", "text": "Look at the hold.", "role": "lead", "when": "hold_review"},
        *(
            {"id": when, "text": f"Look at it: {when}.", "role": "lead", "when": when}
            for when in ("unblocked", "blocker_cancelled", "handoff_late", "obligation_late", "question_open")
        ),
        *(
            {"id": when, "text": f"Look at it: {when}.", "role": "board", "when": when, "number": 2}
            for when in ("cycle", "risk_acceptance_ending", "evidence_ending", "due")
        ),
    ],
    "control": {"drafted_by": ["lead"]},
}


def process_text(**changes: Any) -> str:
    """The process `work` of the examples."""
    more = {name: changes.pop(name) for name in ("migration",) if name in changes}
    whole = {**json.loads(definition(**changes)), **more}
    kind = {"id": "kind", "title": "Kind", "kind": "choice", "choices": ["leak", "other"]}
    return json.dumps({**whole, **PROCESS, "fields": [*whole["fields"], kind]})


class Prepared(MemoryVault):
    """A vault with the cast of the road, Dan, who was disabled, and an item with another one beside it."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(process_text(**changes))
        self.do(PublishProcess, "Ada", definition=EXCEPTION.read_text(encoding="utf-8"))
        for name, roles in {**CAST, "Dan": ("worker",)}.items():
            self.enrol(name, roles)
        self.do(GrantRole, "Ada", person=self.ids["Bo"], role="administrator")
        self.do(DisablePerson, "Ada", person=self.ids["Dan"], reason="Left")
        self.item = self._new("Fix the pump")
        self.other = self._new("Clean the tank", owner=self.ids["Wim"])
        self.third = self._new("Order a seal", owner=self.ids["Wim"])

    def _new(self, title: str, **more: Any) -> str:
        fields = {"title": title, "description": "It leaks.", "severity": "low", "due": "2026-12-01"}
        fields |= {"plan": "New seal", "owner": self.ids["Olga"], **more}
        return self.do(CreateItem, "Wim", process="work", fields=fields).header.subject

    def begin(self) -> None:
        """The item comes to `doing`."""
        self.do(ApproveItem, "Lea", item=self.item)
        self.do(MoveItem, "Olga", item=self.item, step="doing")


def _doing(vault: Prepared) -> None:
    vault.begin()
    vault.do(LinkItems, "Olga", item=vault.item, other=vault.other)
    vault.do(RequestRiskAcceptance, "Olga", item=vault.item, rule="blocked.open", reason="No time", risk="Leak",
             expires_on="2026-11-15", gate="doing->checking")  # fmt: skip
    vault.do(RequestChange, "Olga", item=vault.item, fields={"plan": "Whole pump"}, reason="Shaft is worn too")
    vault.do(AddEvidence, "Wim", item=vault.item, requirement="proof", file=a_file("proof"), file_name="proof.txt")


def _questioned(vault: Prepared) -> None:
    vault.do(AskQuestion, "Lea", item=vault.item, text="Which pump?", of=vault.ids["Olga"])


def _waived(vault: Prepared) -> None:
    _doing(vault)
    risk_acceptance = vault.register.item_file(vault.item).risk_acceptances[-1].id
    vault.do(DecideRiskAcceptance, "Rita", item=vault.item, risk_acceptance=risk_acceptance, accept=True)


def _changes_requested(vault: Prepared) -> None:
    vault.do(ApproveItem, "Lea", item=vault.item, decision="changes_requested", reason="Too little")


def _signed(vault: Prepared) -> None:
    vault.do(ApproveItem, "Lea", item=vault.item)


def _handed_over(vault: Prepared) -> None:
    vault.begin()
    vault.add_accepted(vault.item, "proof", by="Wim", reviewer="Lea")
    vault.do(MoveItem, "Olga", item=vault.item, step="checking")


def _taken_over(vault: Prepared) -> None:
    _handed_over(vault)
    vault.do(AcceptHandoff, "Lea", item=vault.item)
    vault.do(EditItem, "Lea", item=vault.item, fields={"verdict": "good"})


def _closed(vault: Prepared) -> None:
    _taken_over(vault)
    vault.do(CloseItem, "Leo", item=vault.item, outcome="reached")


def _on_hold(vault: Prepared) -> None:
    vault.do(HoldItem, "Olga", item=vault.item, reason="No seal", review_on="2026-11-10")


def _urgent(vault: Prepared) -> None:
    vault.do(MarkUrgent, "Olga", item=vault.item, code="safety", reason="It floods")


def _urgent_passed(vault: Prepared) -> None:
    _urgent(vault)
    vault.do(ApproveUrgent, "Bo", item=vault.item)
    vault.do(MoveItem, "Olga", item=vault.item, step="doing")


def _drafted(vault: Prepared) -> None:
    vault.do(DraftProcess, "Lea", process="work", changes={"scope": "All of it and more."})


def _new_version_with_another_beginning(vault: Prepared) -> None:
    _new_version(vault, {"asked": "doing"})


def _new_version(vault: Prepared, steps: dict[str, str] | None = None) -> None:
    """Version 2 is in force, without the item by which versions come into force."""
    text = process_text(version=2, migration={"from_version": 1, "steps": steps or {}})
    first = vault.register.in_force("work")
    second = msgspec.structs.replace(first, id="work@2", version=2, definition=text, in_force_from=iso(vault.now))
    vault.register.apply(new_record("process_version", second))


def _offices(vault: Prepared) -> None:
    """What the vault's own people have begun: requests for keys, a mandate, a sheet, a category, a rotation."""
    vault.do(AskReset, "Olga", person=vault.ids["Bo"], reason="Forgot it")
    vault.do(GrantMandate, "Lea", delegate=vault.ids["Leo"], role="lead", first_day="2026-11-03", last_day="2026-11-09",
             reason="On leave")  # fmt: skip
    vault.do(KeepRecoverySheet, "Bo", sheet="sheet-1", public="key of the sheet", tested=True)
    vault.do(ProposeCategory, "Wim", process="work", category_word="noise", title="Noise")
    vault.do(ChangeSetting, "Ada", name="reveal_needs_two", value="yes")
    vault.do(AskKey, "Ada", purpose="Rescue", fingerprint="f-1")


def _rotating(vault: Prepared) -> None:
    vault.do(BeginRotation, "Ada", reason="Dan left", slots="s-new")


def _undeclared(vault: Prepared) -> None:
    vault.ids["Tom"] = "p-tom"
    vault.do(
        EnrolPerson,
        "Ada",
        person="p-tom",
        name="Tom",
        identity_checked="Passport seen",
        roles=["worker"],
        key=a_key("Tom"),
    )
    vault.do(ConfirmPerson, "Bo", person="p-tom")


def _proposed(vault: Prepared) -> None:
    vault.ids["Tom"] = "p-tom"
    values = {"identity_checked": "Passport seen", "roles": ["worker", "lead"], "key": a_key("Tom")}
    vault.do(EnrolPerson, "Ada", person="p-tom", name="Tom", **values)
    vault.do(GrantRole, "Ada", person=vault.ids["Wim"], role="lead")


def _late(vault: Prepared) -> None:
    vault.begin()
    _on_hold(vault)
    vault.now = vault.now.replace(day=20)


def _alerted(vault: Prepared) -> None:
    _late(vault)
    found = Scan(vault.register, vault.actor("Olga")).alerts()
    vault.perform(RaiseAlerts.of(found, running_since="2026-11-02T08:00:00.000Z"), "Olga")


def _key_asked(vault: Prepared) -> None:
    vault.do(AskKey, "Ada", purpose="Rescue", fingerprint="f-1")


def _new_key_before_declaring(vault: Prepared) -> None:
    _undeclared(vault)
    vault.do(AskReset, "Olga", person="p-tom", reason="Forgot it")
    reset = str(list(vault.register.rows("key_reset"))[-1]["id"])
    vault.do(GiveReset, "Ada", reset=reset, key=a_key("Tom's second"), slots="s-tom")


def _questioned_of_another(vault: Prepared) -> None:
    vault.do(AskQuestion, "Lea", item=vault.item, text="Which pump?", of=vault.ids["Wim"])


def _resubmitted(vault: Prepared) -> None:
    _changes_requested(vault)
    vault.do(ResubmitItem, "Olga", item=vault.item, reason="The seal is enough")


def _category_approved(vault: Prepared) -> None:
    vault.do(ProposeCategory, "Wim", process="work", category_word="noise", title="Noise")
    category = list(vault.register.rows("category"))[-1]["id"]
    vault.do(DecideCategory, "Lea", category=category, approve=True)


def _handed_over_by_lead(vault: Prepared) -> None:
    vault.begin()
    vault.add_accepted(vault.item, "proof", by="Wim", reviewer="Lea")
    vault.do(MoveItem, "Lea", item=vault.item, step="checking")


def _rejected(vault: Prepared) -> None:
    _doing(vault)
    evidence = vault.register.item_file(vault.item).evidence[-1].id
    vault.do(ReviewEvidence, "Lea", item=vault.item, evidence=evidence, accept=False, note="Wrong seal")


def _cancellation_asked(vault: Prepared) -> None:
    vault.do(RequestCancellation, "Olga", item=vault.item, reason="Bought instead", code="not_needed")


TRACKER = {
    "title": "What",
    "description": "Details",
    "owner": "Who",
    "severity": "How bad",
    "due": "Due",
    "comments": "Notes",
    "key": "No.",
}


def _imported(vault: Prepared) -> None:
    """Two rows of a tracker were brought in, the second of them without a due day."""
    rows = (("Leak", "It drips", "Olga", "low", "2026-12-01", "Seen twice", "K-1", "7"),
            ("Crack", "In the wall", "Olga", "high", "", "", "K-2", ""))  # fmt: skip
    vault.do(
        ImportRegister,
        "Lea",
        process="work",
        file=a_file("tracker"),
        file_name="t.xlsx",
        sheet="S",
        header_row=1,
        mapping=TRACKER,
        columns=[
            *({"column": n, "header": header, "field": field} for n, (field, header) in enumerate(TRACKER.items(), 1)),
            {"column": len(TRACKER) + 1, "header": "Cost"},
        ],
        fields={field: n for n, field in enumerate(TRACKER, 1)},
        day_first={},
        counts={"rows": 2, "same": 0, "refused": 0, "skipped": 0, "problems": 0},
        rows=[{"row": n, "texts": list(row), "kinds": [""] * len(row)} for n, row in enumerate(rows, 2)],
    )
    vault.ids["first_row"], vault.ids["second_row"] = (
        str(each["id"]) for each in list(vault.register.rows("item"))[-2:]
    )


def _log_ahead(vault: Prepared) -> None:
    vault.now = vault.now.replace(hour=6)


STATES: dict[str, Callable[[Prepared], None]] = {
    "asked": lambda _: None,
    "cancelled_by_leads": lambda _: None,
    "undeclared": _undeclared,
    "proposed": _proposed,
    "begun": Prepared.begin,
    "questioned": _questioned,
    "signed": _signed,
    "changes_requested": _changes_requested,
    "doing": _doing,
    "waived": _waived,
    "on_hold": _on_hold,
    "offered_handoff": _handed_over,
    "taken_over": _taken_over,
    "closed": _closed,
    "closed_for_good": _closed,
    "urgent": _urgent,
    "urgent_passed": _urgent_passed,
    "drafted": _drafted,
    "doing_without_rights_to_link": _doing,
    "new_version": _new_version,
    "new_version_with_another_beginning": _new_version_with_another_beginning,
    "offices": _offices,
    "rotating": _rotating,
    "late": _late,
    "alerted": _alerted,
    "log_ahead": _log_ahead,
    "imported": _imported,
    "key_asked": _key_asked,
    "new_key_before_declaring": _new_key_before_declaring,
    "questioned_of_another": _questioned_of_another,
    "resubmitted": _resubmitted,
    "category_approved": _category_approved,
    "handed_over_by_lead": _handed_over_by_lead,
    "rejected": _rejected,
    "cancellation_asked": _cancellation_asked,
    "urgent_passed_and_cancelled_by_leads": _urgent_passed,
    "doing_and_cancelled_by_leads": _doing,
}
"""The states by name. "nothing" is a vault before its first entry."""


BY_LEADS: dict[str, Any] = {"cancel": {"dispositions": [], "requested_by": []}}
OTHERWISE: dict[str, dict[str, Any]] = {
    "closed_for_good": {"reopen": {"follow_up": "new_item"}},
    "doing_without_rights_to_link": {
        "rights": [
            {"verb": "create", "roles": ["worker"]},
            {"verb": "edit", "roles": ["lead"]},
            {"verb": "move", "roles": ["owner"]},
            {"verb": "add_evidence", "roles": ["worker"]},
            {"verb": "close", "roles": ["lead"]},
        ],
        "hold": {"review_date_required": False, "longest_days": 0},
    },
    "cancelled_by_leads": BY_LEADS,
    "urgent_passed_and_cancelled_by_leads": BY_LEADS,
    "doing_and_cancelled_by_leads": BY_LEADS,
    "cancellation_asked": {"cancel": {"dispositions": []}},
}
"""What the process of a state has set otherwise."""


@cache
def prepared(state: str) -> Prepared:
    """A vault in a named state; nothing is carried out in it any more."""
    vault = Prepared(**OTHERWISE.get(state, {}))
    STATES[state](vault)
    return vault
