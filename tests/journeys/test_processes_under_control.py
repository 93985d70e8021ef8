"""How a process changes by command (S7), how a category comes into being (S8), with what is refused on the way."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from command_line import CommandOutput, command, secret_file

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST

FIRST_ADMIN = "Ada Admin"
PEOPLE = {
    "Anna": ("quality", "process_owner"),
    "Quinn": ("quality",),
    "Pat": ("process_owner",),
    "Fay": ("function_head",),
    "Olga": ("quality",),
    "Rex": ("requester",),
    "Cara": ("catalogue_owner", "service_desk"),
    "Cleo": ("catalogue_owner",),
}
WORDS = "throw-away words for a test vault"
FIRST_DAY, DAY_1, DAY_2, LATER = ("2027-03-01T06:00Z", "2027-03-01T09:00Z", "2027-03-02T09:00Z", "2027-03-15T09:00Z")
SEED = {"reason": "The measure of the year shows it.", "due": "2027-04-30"}
STATED = {
    "summary": "The plan is released by three.",
    "impact": "Owners wait for one more signature.",
    "resources": "Nothing beyond what there is.",
    "open_items": "all_that_can",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("control")
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(FIRST_DAY, tick=False):
        patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
        application = CountersignApplication(cost=MINIMUM_COST)
        vault = application.create_vault(folder / "C.vault", name="Site C", person=FIRST_ADMIN, passphrase=WORDS)
        for name, roles in PEOPLE.items():
            vault.add_person(name=name, roles=roles, identity_checked="Passport seen", passphrase=WORDS)
        vault.lock()
    return folder


class ControlSite:
    """One vault; `at` is the moment of the next command, a minute goes by between commands."""

    def __init__(self, made: Path, folder: Path, patch: pytest.MonkeyPatch) -> None:
        shutil.copytree(made / "home", folder / "home")
        patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
        self.folder = folder
        self.vault = Path(shutil.copytree(made / "C.vault", folder / "C.vault"))
        self.secret = secret_file(folder, WORDS)
        self.at = DAY_1
        self._typed = 0

    def typed(self, name: str, words: str, *more: object) -> CommandOutput:
        self._typed += 1
        with time_machine.travel(datetime.fromisoformat(self.at) + timedelta(minutes=self._typed), tick=True):
            who = ("--as", name, "--passphrase-file", self.secret, "--json")
            return command(*words.split(), self.vault, *more, *who)

    def type(self, name: str, words: str, *more: object, code: int = 0) -> Any:
        output = self.typed(name, words, *more)
        assert output.code == code, output
        return output.answer()

    def refused(self, name: str, words: str, *more: object) -> set[str]:
        """The rules that refuse a command, each with what, remedy and who; the command is in the log."""
        output = self.typed(name, words, *more)
        assert output.code == 5, output
        for obstacle in output.error()["obstacles"]:
            assert all(obstacle[part] for part in ("rule", "text", "remedy"))
        newest = self.type(FIRST_ADMIN, "log list", "--limit", 1)[0]
        assert newest["act"] == "record_refusal"
        return {obstacle["rule"] for obstacle in output.error()["obstacles"]}

    def new_item(self, name: str, process: str, **fields: str) -> str:
        pairs = [f"{field}={value}" for field, value in fields.items()]
        number: str = self.type(name, "item new", *pairs, "--process", process)["number"]
        return number

    def states(self) -> dict[str, str]:
        listed = self.type(FIRST_ADMIN, "process list")
        return {f"{one['id']}@{one['version']}": one["state"] for one in listed}


@pytest.fixture
def site(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ControlSite:
    return ControlSite(made, tmp_path, monkeypatch)


def set_fields(site: ControlSite, name: str, item: str, **fields: str) -> None:
    site.type(name, "item set", item, "--reason", "Seen anew", *(f"{field}={value}" for field, value in fields.items()))


def test_who_can_change_a_workflow_step(site: ControlSite) -> None:
    now = next(one["version"] for one in site.type(FIRST_ADMIN, "process list") if one["id"] == "capa")
    old, new = f"capa@{now}", f"capa@{now + 1}"
    definition = site.type("Anna", "process show", "capa")
    plan = next(n for n, transition in enumerate(definition["transitions"]) if transition["gate"]["approvals"])
    gate = definition["transitions"][plan]
    third = {
        "level": 3,
        "role": "auditor",
        "meaning": "I have looked at the plan.",
        "separate_from": ["owner", "levels"],
    }

    # Work that is open when the version changes: one before the gate that becomes stricter, one behind nothing.
    young = site.new_item("Olga", "capa", title="Begun before", severity="minor")

    # A draft by the process owner; nobody without the right, nobody twice, never on what is in force.
    change = site.new_item("Fay", "process_change", title="Three sign the plan", description="Auditors ask.", **SEED)
    site.type("Quinn", "item assign", change, "Anna")
    site.type("Anna", "item move", change, "drafting")
    assert site.refused("Rex", "process draft", "capa") == {"right.missing"}
    assert site.refused("Quinn", "process edit", old, "--set", "title=Mine now") == {"version.frozen"}
    drafted = site.type("Anna", "process draft", "capa", "--set", "steps[1].help=Act at once.")
    assert (drafted["version"], drafted["state"]) == (new, "draft")
    assert site.refused("Quinn", "process draft", "capa") == {"version.drafted"}
    assert site.states()[old] == "in_force"

    # The difference in words and as rows; a slip fails its own scenarios and its lint.
    output = [each["part"] for each in site.type("Pat", "process diff", old, new)]
    assert output == ["steps"]
    last = len(definition["transitions"][plan]["gate"]["approvals"])
    site.type("Anna", "process edit", new, "--set", f"transitions[{plan}].gate.approvals[{last}]={json.dumps(third)}")
    rows = site.type("Pat", "process diff", old, new)
    added = next(each for each in rows if each["part"] == "transitions")
    assert (added["kind"], added["name"]) == ("added", gate["title"])
    assert "role auditor" in added["after"]
    lint = site.type("Pat", "process lint", new, code=1)
    assert "advice.nobody" in [each["rule"] for each in lint], "nobody here is an auditor"
    results = site.type("Anna", "process test", "--process", new, code=1)
    assert not all(each["passed"] for each in results)
    set_fields(site, "Anna", change, version=new, in_force_from="2027-03-10", **STATED)
    assert "scenario.untested" in site.refused("Anna", "item move", change, "review")
    site.type("Anna", "process test", "--process", new, "--record", code=1)
    assert site.refused("Anna", "item move", change, "review") == {"scenario.failing"}, (
        "who holds a role is asked later"
    )

    # Mended: the third signature goes again, the field becomes one that the gate demands.
    site.type("Anna", "process edit", new, "--set", f"transitions[{plan}].gate.approvals[{last}]=null")
    site.type("Anna", "process test", "--process", new, "--record")
    site.type("Anna", "item move", change, "review")
    assert site.states()[new] == "in_review"
    assert site.refused("Quinn", "process edit", new, "--set", "steps[1].help=Act soon.") == {"version.in_review"}

    # Approved by quality and the affected function, never by its author or creator.
    assert site.refused("Anna", "approve", change) >= {"separation.author"}
    assert site.refused("Pat", "item move", change, "in_force") >= {"approval.missing"}
    site.type("Quinn", "approve", change)
    assert "separation.creator" in site.refused("Fay", "approve", change)
    other = site.typed(FIRST_ADMIN, "people add", "--identity", "Passport seen", "--person", "Fred", "--role",
                       "function_head", "--new-passphrase-file", site.secret)  # fmt: skip
    assert other.code == 0, other
    site.type("Fred", "approve", change)
    site.type("Pat", "approve", change)

    # A day that is past is refused; naming another one asks for new signatures.
    site.at = LATER
    assert "version.past" in site.refused("Pat", "item move", change, "in_force")
    site.type("Anna", "item set", change, "--reason", "Seen anew", "in_force_from=2027-03-20")
    assert "approval.overtaken" in site.refused("Pat", "item move", change, "in_force")
    for name in ("Quinn", "Fred", "Pat"):
        site.type(name, "approve", change)
    site.type("Pat", "item move", change, "in_force")
    assert (site.states()[old], site.states()[new]) == ("in_force", "scheduled")
    before = site.new_item("Olga", "capa", title="Begun the day before")
    assert site.type("Olga", "item show", before)["process_version"] == old

    # Its day: new work follows it, open work stays until it is taken over by a signed decision.
    site.at = "2027-03-22T09:00Z"
    assert (site.states()[old], site.states()[new]) == ("retired", "in_force")
    after = site.new_item("Olga", "capa", title="Begun afterwards")
    assert site.type("Olga", "item show", after)["process_version"] == new
    assert site.type("Olga", "item show", young)["process_version"] == old
    assert "migration.unmapped" in site.refused("Quinn", "process migrate", new, young, "--reason", "One rule for all.")
    assert site.type("Pat", "process show", old)["version"] == now, "old versions stay readable for ever"
    assert site.type(FIRST_ADMIN, "log verify", "--full")["intact"]


def bring_into_force(site: ControlSite, new: str, *changes: str) -> None:
    """A version in force today by the whole path, drafted by Anna."""
    site.type("Anna", "process draft", new.partition("@")[0], *(part for each in changes for part in ("--set", each)))
    site.type("Anna", "process test", "--process", new, "--record")
    item = site.new_item("Olga", "process_change", title="A change", description="Needed.", **SEED)
    site.type("Quinn", "item assign", item, "Anna")
    site.type("Anna", "item move", item, "drafting")
    set_fields(site, "Anna", item, version=new, in_force_from=site.at[:10], **STATED)
    site.type("Anna", "item move", item, "review")
    for name in ("Quinn", "Fay", "Pat"):
        site.type(name, "approve", item)
    site.type("Pat", "item move", item, "in_force")


def test_open_work_comes_over_by_decision_and_never_past_a_new_gate(site: ControlSite) -> None:
    now = next(one["version"] for one in site.type(FIRST_ADMIN, "process list") if one["id"] == "capa")
    new = f"capa@{now + 1}"
    definition = site.type("Anna", "process show", "capa")
    owner_role = definition["owner_role"]
    mover = next(name for name, roles in PEOPLE.items() if owner_role in roles and name != "Anna")
    young = site.new_item("Olga", "capa", title="Just reported")
    further = site.new_item("Olga", "capa", title="A hole", description="Misplaced.", severity="major")
    site.type("Quinn", "item assign", further, "Olga")
    site.type("Olga", "item move", further, "containment")
    signature = [{"level": 1, "role": owner_role, "meaning": "It is worth it.", "separate_from": ["creator", "owner"]}]
    site.at = DAY_2
    scenario_runs = json.dumps(
        [{"id": f"opened_{number}", "title": "An item is opened", "kind": kind, "people": {"Olga": [owner_role]},
          "given": [{"who": "Olga", "does": "create_item", "item": "A", "args": {"fields": {"title": "A hole"}}}],
          "then": [{"item": "A", "step": "reported"}]}
         for number, kind in enumerate(("normal_path", "refused", "urgent", "late", *("other",) * 10))]
    )  # fmt: skip
    bring_into_force(
        site,
        new,
        f"transitions[0].gate.approvals={json.dumps(signature)}",
        f"scenarios={scenario_runs}",
        f"migration={json.dumps({'from_version': now, 'steps': {}})}",
    )
    assert site.refused("Rex", "process migrate", new, young, "--reason", "x") == {"right.missing"}
    assert "reason.missing" in site.refused(mover, "process migrate", new, young)
    assert "migration.gate" in site.refused(mover, "process migrate", new, further, "--reason", "One rule for all.")
    looked = site.type(mover, "process migrate", new, "--all", "--check", "--reason", "One rule.", code=1)
    assert (looked["come_over"], list(looked["stay"])) == ([young], [further])
    done = site.type(mover, "process migrate", new, "--all", "--reason", "One rule for all.", code=1)
    assert done["come_over"] == [young]
    assert site.type("Olga", "item show", young)["process_version"] == new
    assert site.type("Olga", "item show", further)["process_version"] == f"capa@{now}"
    entry = site.type(FIRST_ADMIN, "log list", "--limit", 1)[0]
    assert (entry["act"], bool(entry["meaning"])) == ("migrate_items", True)
    assert site.type(FIRST_ADMIN, "log verify", "--full")["intact"]


def test_a_new_category_is_proposed_approved_and_used_from_its_day(site: ControlSite) -> None:
    asked = site.new_item("Rex", "service_request", title="A parking place", category="other")
    output = site.typed("Rex", "item set", asked, "category=parking")
    assert output.code == 5
    words = ("parking", "--process", "service_request", "--title", "Parking", "--owner-role", "operations")
    words += ("--sla-days", "5", "--approvals", "The head of the unit signs.", "--evidence", "Licence of the car")
    assert site.refused("Fay", "category propose", *words) == {"right.missing"}
    proposed = site.type("Rex", "category propose", *words)
    assert (proposed["state"], proposed["sla_days"], proposed["evidence"]) == ("proposed", 5, ["Licence of the car"])
    assert site.refused("Rex", "category propose", *words) == {"category.taken"}
    assert site.refused("Rex", "category propose", "Car Park", *words[1:]) == {"category.word"}
    of = ("parking", "--process", "service_request")
    assert site.refused("Rex", "category decide", *of) == {"right.missing", "separation.asker"}
    assert site.refused("Cleo", "category decide", *of, "--from", "2027-02-01") == {"category.day"}
    assert site.refused("Cleo", "category decide", *of, "--reject") == {"reason.missing"}
    decided = site.type("Cleo", "category decide", *of, "--from", "2027-03-15")
    assert (decided["state"], decided["visible_from"]) == ("approved", "2027-03-15")
    assert site.refused("Cleo", "category decide", *of) == {"category.state"}
    assert site.refused("Rex", "item set", asked, "category=parking") == {"field.kind"}, "not before its day"

    site.at = LATER
    waiting = site.type("Cara", "category unclassified", "--process", "service_request")
    assert [each["number"] for each in waiting] == [asked]
    site.type("Rex", "item set", asked, "--reason", "Seen anew", "category=parking")
    assert site.type("Cara", "category unclassified", "--process", "service_request") == []
    own = site.type("Cara", "category propose", "garden", "--process", "service_request")
    assert own["state"] == "proposed"
    assert site.refused("Cara", "category decide", "garden", "--process", "service_request") == {"separation.asker"}
    assert [each["word"] for each in site.type("Rex", "category list")] == ["parking", "garden"]
    assert site.type(FIRST_ADMIN, "log verify", "--full")["intact"]


def test_a_process_goes_out_and_comes_in_as_a_file(site: ControlSite) -> None:
    for form in ("json", "bpmn", "svg"):
        out = site.folder / f"capa.{form}"
        site.type("Pat", "process export", "capa", "--out", out, "--format", form)
        assert out.stat().st_size > 1000
    assert site.typed("Pat", "process export", "capa", "--out", site.folder / "x", "--format", "docx").code == 2
    drawn = (site.folder / "capa.bpmn").read_text(encoding="utf-8")
    (site.folder / "capa.bpmn").write_text(drawn.replace('name="Containment"', 'name="First aid"'), encoding="utf-8")
    imported = site.type("Anna", "process import", site.folder / "capa.bpmn", "--process", "capa")
    assert imported["state"] == "draft"
    rows = site.type("Pat", "process diff", "capa", imported["version"])
    assert [(each["part"], each["after"]) for each in rows] == [("steps", "First aid")]
    broken = site.folder / "broken.json"
    broken.write_text('{"id": "capa"}', encoding="utf-8")
    assert site.typed("Quinn", "process import", broken, "--process", "capa").code == 2
    assert command("process", "schema").json()["$defs"]["ProcessVersion"]
    available = {one["id"]: one["state"] for one in site.type("Pat", "process list", "--available")}
    assert set(available.values()) == {"here"}


def test_every_shipped_scenario_passes_by_command_and_well_under_a_second(site: ControlSite) -> None:
    results = site.type("Pat", "process test", "--all")
    assert {"capa", "process_change"} <= {each["process"] for each in results}
    assert [each["failure"] for each in results if not each["passed"]] == []
    locked = command("process", "test", site.vault, "--process", "capa", "--json")
    assert locked.code == 0, locked
    output = command("process", "test", site.vault, "--process", "capa", "--words")
    assert "approves 'Release the plan'" in output.out
