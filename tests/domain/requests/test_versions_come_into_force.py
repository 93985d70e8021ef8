"""A version of a process comes into force by a change of the process: on the day named, in the place of the one before.

Olga is a worker; Lea drafts versions and owns the changes, Leo signs them.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from memory_register import MemoryVault
from process_site import definition

from domain.commands.approvals import ApproveItem
from domain.commands.changing import new_record
from domain.commands.closure import CloseItem
from domain.commands.command import Command
from domain.commands.items import CreateItem, EditItem, MoveItem
from domain.commands.process_versions import DraftProcess, EditDraft, PublishProcess
from domain.errors import Refused, UsageProblem
from domain.identity import iso
from domain.process.states import version_at
from domain.records.governance import VersionDraft
from domain.records.people import ProcessRecord
from domain.simulation.prove_draft import ProveDraft

TODAY, TOMORROW = "2026-11-02", "2026-11-03"
STEPS = ("drafting", "review", "in_force", "done")
SIGNED = {"level": 1, "role": "lead", "meaning": "It demands enough.", "separate_from": ["creator", "owner", "author"]}
CHANGE: dict[str, Any] = {
    **json.loads(definition()),
    "id": "change",
    "title": "Change of a process",
    "fields": [
        {"id": "version", "title": "Version", "kind": "text", "signed": True},
        {"id": "in_force_from", "title": "In force from", "kind": "date", "signed": True},
    ],
    "evidence": [],
    "steps": [{"id": each, "title": each, "responsible": "owner", "accountable": "lead"} for each in STEPS],
    "transitions": [
        {"from": "drafting", "to": "review", "title": "Send", "effect": "send_version_to_review"},
        {
            "from": "review",
            "to": "in_force",
            "title": "Put in force",
            "effect": "put_version_in_force",
            "gate": {"approvals": [SIGNED]},
        },
        {"from": "review", "to": "drafting", "title": "Take back", "effect": "take_version_back"},
        {"from": "in_force", "to": "done", "title": "Close"},
    ],
    "reopen": {"roles": ["lead"], "meaning": "It came back.", "step": "drafting"},
    "closure": {
        "step": "done",
        "meaning": "It is in force.",
        "outcomes": [{"outcome": "reached", "title": "It works"}],
        "gate": {"fields": ["owner"]},
    },
    "numbering": {"prefix": "C"},
    "alerts": [],
    **dict.fromkeys(("extension", "change", "risk_acceptance", "exceptions")),
}
SCENARIO = {
    "id": "begins",
    "title": "Work is asked for",
    "kind": "other",
    "people": {"Olga": ["worker"]},
    "when": [{"who": "Olga", "does": "create_item", "item": "One", "args": {"fields": {"title": "Torn label"}}}],
}
KINDS = ("normal_path", "refused", "late", *("other",) * 9)
SCENARIOS = [{**SCENARIO, "id": f"begins_{number}", "kind": kind} for number, kind in enumerate(KINDS)]
"""As many as the process states rules; what they show does not matter here."""


class ChangedProcess(MemoryVault):
    """A vault with a process `work` in force, and changes by which its next versions come into force."""

    def __init__(self) -> None:
        super().__init__(definition())
        self.do(PublishProcess, "Ada", definition=json.dumps(CHANGE))
        for name, role in {"Olga": "worker", "Lea": "lead", "Leo": "lead"}.items():
            self.enrol(name, (role,))

    def drafted(self, process: str, version: int, **changes: Any) -> str:
        """A version that Lea drafted and tried on its scenario; its id comes back."""
        self.do(DraftProcess, "Lea", process=process, changes={"scenarios": SCENARIOS, **changes})
        self.do(ProveDraft, "Lea", version=f"{process}@{version}")
        return f"{process}@{version}"

    def carrier(self, version: str, day: str) -> str:
        """An item that sent the version to review and that Leo signed; its id comes back."""
        fields = {"title": "Another scope", "owner": self.ids["Lea"], "version": version, "in_force_from": day}
        item = str(self.do(CreateItem, "Lea", process="change", fields=fields).header.subject)
        self.do(MoveItem, "Lea", item=item, step="review")
        self.do(ApproveItem, "Leo", item=item)
        return item

    def put_in_force(self, version: str, day: str) -> None:
        self.do(MoveItem, "Lea", item=self.carrier(version, day), step="in_force")

    def states(self) -> dict[str, tuple[str, str]]:
        """State and first moment of each version of `work`, by its number."""
        return {
            each.id: (each.state, each.in_force_from)
            for each in self.register.process_versions()
            if each.process == "work"
        }

    def in_force(self) -> int:
        found = version_at(self.register.process_versions(), "work", self.now)
        return found.version if found else 0


@pytest.fixture
def changed() -> ChangedProcess:
    return ChangedProcess()


def test_a_version_of_today_is_in_force_from_the_moment_it_was_put_there_and_not_before(
    changed: ChangedProcess,
) -> None:
    first = changed.states()["work@1"][1]
    changed.put_in_force(changed.drafted("work", 2), TODAY)
    moment = changed.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert changed.states() == {"work@1": ("retired", first), "work@2": ("in_force", moment)}
    assert changed.in_force() == 2
    item = changed.do(CreateItem, "Olga", process="work", fields={"title": "Torn label"}).header.subject
    assert changed.register.item(item).process_version == "work@2"


def test_a_version_of_a_later_day_waits_for_its_midnight_and_the_one_before_holds_until_then(
    changed: ChangedProcess,
) -> None:
    first = changed.states()["work@1"][1]
    changed.put_in_force(changed.drafted("work", 2), TOMORROW)
    assert changed.states() == {"work@1": ("in_force", first), "work@2": ("in_force", f"{TOMORROW}T00:00:00.000Z")}
    assert changed.in_force() == 1
    changed.now = changed.now.replace(day=3, hour=0, minute=0, second=0)
    assert changed.in_force() == 2


def test_a_third_version_ends_the_two_before_it_whose_days_have_come(changed: ChangedProcess) -> None:
    changed.put_in_force(changed.drafted("work", 2), TOMORROW)
    changed.now = changed.now.replace(day=5)
    changed.put_in_force(changed.drafted("work", 3), "2026-11-09")
    assert [state for state, _ in changed.states().values()] == ["retired", "in_force", "in_force"]
    assert changed.in_force() == 2


def test_a_process_is_called_by_the_title_of_the_version_put_in_force_last(changed: ChangedProcess) -> None:
    changed.put_in_force(changed.drafted("work", 2, title="Good work"), TODAY)
    titles = {each.id: each.title for each in changed.register.all_of(ProcessRecord)}
    assert (titles["work"], titles["change"]) == ("Good work", "Change of a process")


def test_a_version_in_review_names_the_change_that_carries_it_and_is_a_draft_again_when_taken_back(
    changed: ChangedProcess,
) -> None:
    item = changed.carrier(changed.drafted("work", 2), TODAY)
    assert (changed.states()["work@2"][0], draft(changed).item) == ("in_review", item)
    changed.do(MoveItem, "Lea", item=item, step="drafting")
    assert (changed.states()["work@2"], draft(changed).item) == (("draft", ""), "")


def test_a_change_that_names_another_version_meanwhile_takes_nothing_back_that_it_did_not_send(
    changed: ChangedProcess,
) -> None:
    first = changed.carrier(changed.drafted("work", 2), TODAY)
    other = changed.carrier(changed.drafted("change", 2), TODAY)
    changed.do(EditItem, "Lea", item=first, fields={"version": "change@2"}, reason="Seen anew")
    changed.do(MoveItem, "Lea", item=first, step="drafting")
    in_review = {each.id for each in changed.register.process_versions() if each.state == "in_review"}
    assert in_review == {"work@2", "change@2"}
    assert draft(changed, "change@2").item == other


def draft(changed: ChangedProcess, version: str = "work@2") -> VersionDraft:
    return next(each for each in changed.register.all_of(VersionDraft) if each.id == version)


@pytest.mark.parametrize(
    ("day", "rule"), [("2026-11-01", "version.past"), ("", "version.day")], ids=["yesterday", "no day"]
)
def test_a_version_comes_into_force_on_no_day_that_is_past_and_on_none_that_is_missing(
    changed: ChangedProcess, day: str, rule: str
) -> None:
    fields = {
        "title": "Another scope",
        "owner": changed.ids["Lea"],
        "version": changed.drafted("work", 2),
        "in_force_from": day,
    }
    item = changed.do(CreateItem, "Lea", process="change", fields=fields).header.subject
    changed.do(MoveItem, "Lea", item=item, step="review")
    assert rule in refusal(changed, item, "in_force")


def test_a_version_in_force_goes_to_review_by_no_other_change(changed: ChangedProcess) -> None:
    version = changed.drafted("work", 2)
    changed.put_in_force(version, TODAY)
    fields = {"title": "Once more", "owner": changed.ids["Lea"], "version": version, "in_force_from": TODAY}
    item = changed.do(CreateItem, "Lea", process="change", fields=fields).header.subject
    assert refusal(changed, item, "review") == ["version.carried"]
    changed.do(CloseItem, "Leo", item=draft(changed).item, outcome="reached")
    assert refusal(changed, item, "review") == ["version.state"]
    changed.put_in_force(changed.drafted("work", 3), TODAY)
    assert changed.states()["work@2"][0] == "retired"
    assert refusal(changed, item, "review") == ["version.state"]


def refusal(changed: ChangedProcess, item: str, step: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        changed.act(MoveItem, "Lea", item=item, step=step)
    return [each.rule for each in refused.value.obstacles]


def ready_item(changed: ChangedProcess, version: str, day: str = TODAY) -> str:
    """A change that names a version, before it sends it to review."""
    fields = {"title": "Another scope", "owner": changed.ids["Lea"], "version": version, "in_force_from": day}
    return str(changed.do(CreateItem, "Lea", process="change", fields=fields).header.subject)


def test_a_version_goes_to_review_only_with_its_scenarios_run_as_described(changed: ChangedProcess) -> None:
    changed.do(DraftProcess, "Lea", process="work", changes={"scenarios": SCENARIOS})
    item = ready_item(changed, "work@2")
    assert refusal(changed, item, "review") == ["scenario.untested"]
    failing = {**SCENARIOS[0], "people": {"Olga": ["board"]}}
    changed.do(EditDraft, "Lea", version="work@2", changes={"scenarios[0]": failing})
    changed.do(ProveDraft, "Lea", version="work@2")
    assert refusal(changed, item, "review") == ["scenario.failing"]
    changed.do(EditDraft, "Lea", version="work@2", changes={"scenarios": []})
    changed.do(ProveDraft, "Lea", version="work@2")
    assert refusal(changed, item, "review") == ["advice.scenarios"]
    changed.do(EditDraft, "Lea", version="work@2", changes={"scenarios": SCENARIOS})
    assert refusal(changed, item, "review") == ["scenario.untested"], "what was run is not what is written now"
    changed.do(ProveDraft, "Lea", version="work@2")
    changed.do(MoveItem, "Lea", item=item, step="review")


def test_a_version_drafted_from_one_that_another_followed_takes_that_one_in_first(changed: ChangedProcess) -> None:
    item = ready_item(changed, changed.drafted("work", 2))
    first = changed.register.in_force("work")
    other = msgspec.structs.replace(first, id="work@3", version=3, in_force_from=iso(changed.now))
    changed.register.apply(new_record("process_version", other))
    assert refusal(changed, item, "review") == ["version.base"]
    changed.do(EditDraft, "Lea", version="work@2", rebase=True)
    assert draft(changed).base == "work@3"
    changed.do(ProveDraft, "Lea", version="work@2")
    changed.do(MoveItem, "Lea", item=item, step="review")


def test_a_change_names_a_version_that_was_drafted_here(changed: ChangedProcess) -> None:
    for version in ("", "work@1", "work@9"):
        assert refusal(changed, ready_item(changed, version), "review") == ["version.none"]


def test_a_draft_is_of_its_own_process_and_there_is_one_at_a_time(changed: ChangedProcess) -> None:
    with pytest.raises(UsageProblem):
        changed.act(DraftProcess, "Lea", process="work", definition=json.dumps(CHANGE))
    changed.drafted("work", 2)
    with pytest.raises(Refused) as refused:
        changed.act(DraftProcess, "Lea", process="work")
    assert [each.rule for each in refused.value.obstacles] == ["version.drafted"]
    with pytest.raises(UsageProblem):
        changed.act(EditDraft, "Lea", version="work@2", changes={})


@pytest.mark.parametrize("kind", [EditDraft, ProveDraft])
def test_what_was_put_in_force_is_never_edited_or_tried_again(changed: ChangedProcess, kind: type[Command]) -> None:
    changed.put_in_force(changed.drafted("work", 2), TODAY)
    for version in ("work@1", "work@2"):
        with pytest.raises(Refused) as refused:
            changed.act(kind, "Lea", version=version)
        assert [each.rule for each in refused.value.obstacles] == ["version.frozen"]
