"""Urgent approvals, delegates, approvals overtaken by an edit, many signatures at once, typed; with what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import command
from decision_rig import FIRST_ADMIN, GATE, PEOPLE, URGENT_MEANING, DecisionSite, make_site

from desktop.session.unlocked_session import UnlockedSession
from domain.commands.items import AssignItem, CreateItem
from domain.commands.requests import RequestExtension

OLGA, WIM, QUINN, QUENTIN, MIA, MAX, DORA, DAN, NORA = PEOPLE
WHY = ("--code", "line_down", "--reason", "Line 3 stands still.")


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decisions")
    with pytest.MonkeyPatch.context() as patch:
        make_site(folder, patch)
    return folder


@pytest.fixture
def site(made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DecisionSite:
    return DecisionSite(made_once, tmp_path, monkeypatch)


def entry(site: DecisionSite, item: str) -> dict[str, Any]:
    newest: dict[str, Any] = site.type(FIRST_ADMIN, "item history", item)[-1]
    return newest


def test_an_urgent_approval_passes_visibly_is_confirmed_or_refused_and_reported_in_a_report(site: DecisionSite) -> None:
    item = site.new("Guard is missing")
    assert site.refused(OLGA, "urgent mark", item, "--code", "line_down") == ["reason.missing"]
    assert site.refused(OLGA, "urgent mark", item, "--code", "hurry", "--reason", "Now!") == ["urgent.code"]
    assert site.refused(NORA, "urgent mark", item, *WHY) == ["right.missing"]
    site.type(OLGA, "urgent mark", item, *WHY)
    assert site.refused(OLGA, "item move", item, "doing") == ["approval.missing"]
    assert [one["kind"] for one in site.type(DORA, "approval waiting")] == ["urgent"]

    # Never the one who asks; a delegator of whoever asks would count with them.
    assert "separation.asker" in site.refused(OLGA, "urgent approve", item)
    assert site.refused(QUINN, "urgent approve", item) == ["urgent.role"]
    assert site.type(DORA, "urgent approve", item)["urgency"]["state"] == "signed"
    assert (entry(site, item)["meaning"], entry(site, item)["auth"]) == (URGENT_MEANING, "passphrase")
    site.type(OLGA, "item move", item, "doing")
    shown = site.type(OLGA, "item show", item)
    assert (shown["urgencies"][0]["state"], shown["obligations"][0]["state"]) == ("passed", "open")
    assert shown["obligations"][0]["due"].startswith("2027-03-01T17:00")

    # Open, it lets nothing close; the ordinary approvers confirm, both levels of them.
    assert "obligation.open" in site.refused(QUINN, "close", item, "--outcome", "reached")
    assert site.refused(QUINN, "approve", item, "--reject", "--reason", "No", "--gate", GATE) == ["urgent.refuse"]
    site.at = "2027-03-01T11:00Z"
    assert site.type(QUINN, "urgent confirm", item)["obligation"]["state"] == "open"
    assert site.type(MIA, "urgent confirm", item)["obligation"]["state"] == "met"
    site.type(QUINN, "close", item, "--outcome", "reached", "--pack", site.folder / "urgent.pdf")
    assert command("pack", "verify", site.folder / "urgent.pdf").code == 0

    # Refused: back to where it was, with the work kept.
    other = site.new("Hole misplaced")
    site.type(OLGA, "urgent mark", other, *WHY)
    site.type(DORA, "urgent approve", other)
    site.type(OLGA, "item move", other, "doing")
    proof = site.folder / "proof.txt"
    proof.write_text("A photo\n", encoding="utf-8")
    site.type(OLGA, "evidence add", other, proof, "--requirement", "proof")
    site.at = "2027-03-02T12:00Z"
    assert site.refused(QUINN, "urgent refuse", other) == ["reason.missing"]
    assert site.type(QUINN, "urgent refuse", other, "--reason", "The seal was not worn.")["step"] == "planned"
    shown = site.type(OLGA, "item show", other)
    assert (shown["step"], shown["obligations"][0]["state"], len(shown["evidence"])) == ("planned", "refused", 1)
    assert "urgent_refused" in {one["condition"] for one in site.type(OLGA, "alerts list")}

    # A second time takes the higher role.
    site.type(OLGA, "urgent mark", other, *WHY)
    assert site.refused(DORA, "urgent approve", other) == ["urgent.role"]
    site.type(DAN, "urgent approve", other)

    report = site.type(MIA, "report urgent")
    assert (report["urgent"], report["confirmed"], report["refused"], report["late"]) == (2, 1, 1, 1)
    assert (report["gates_passed"], report["share"], report["mean_hours"]) == (2, "100.0", "2.0")
    assert [(one["name"], one["passed"], one["refused"]) for one in report["by_requester"]] == [(OLGA, 2, 1)]
    assert [(one["name"], one["passed"], one["refused"]) for one in report["by_approver"]] == [(DORA, 2, 1)]
    site.intact()


def test_a_process_without_an_urgent_path_refuses_it(site: DecisionSite) -> None:
    def calm_work(vault: UnlockedSession) -> None:
        vault.perform(CreateItem(process="calm", fields={"title": "Label", "owner": vault.person.id}))

    site.by(QUINN, calm_work)
    number = site.type(QUINN, "item list", "--process", "calm")[0]["number"]
    assert site.refused(QUINN, "urgent mark", number, *WHY) == ["urgent.none"]


def test_a_delegate_signs_in_their_name_for_days_in_a_scope_and_never_own_work(site: DecisionSite) -> None:
    delegated = ("--role", "quality", "--process", "fix", "--severity", "minor", "--severity", "major")
    days = ("--from", "2027-03-01", "--to", "2027-03-14", "--reason", "On leave")
    assert site.refused(NORA, "delegation grant", OLGA, *delegated, *days) == ["mandate.role"]
    mandate = site.type(QUINN, "delegation grant", NORA, *delegated, *days)["mandate"]
    assert site.refused(NORA, "delegation grant", OLGA, *delegated, *days) == ["mandate.chain"]
    item, critical, own = site.new("Seal"), site.new("Boiler", severity="critical"), site.new("Door", owner=NORA)
    assert site.waiting(NORA) == [(item, QUINN)]
    assert site.refused(NORA, "approve", critical) == ["approval.role", "mandate.scope"]
    assert site.refused(NORA, "approve", own) == ["separation.owner"]

    given = site.type(NORA, "approve", item)["approval"]
    assert (given["role"], given["mandate"]) == ("quality", mandate)
    signed = entry(site, item)
    assert (signed["person"], signed["role"], signed["mandate"]) == (NORA, "quality", mandate)
    assert site.type(MIA, "approval list", item)[0]["in_place_of"] == QUINN
    assert site.waiting(NORA) == []
    site.type(MIA, "approve", item)
    site.type(OLGA, "item move", item, "doing")
    site.type(QUENTIN, "close", item, "--outcome", "reached", "--pack", site.folder / "delegate.pdf")
    output = command("pack", "verify", site.folder / "delegate.pdf", "--json")
    assert output.code == 0, output.out

    # The day after the last one is refused; ended early, what waits goes back to the delegator.
    site.at = "2027-03-15T08:00Z"
    late = site.new("Pump")
    assert site.waiting(NORA) == []
    assert site.refused(NORA, "approve", late) == ["approval.role", "mandate.ended"]
    again = ("--role", "quality", "--from", "2027-03-15", "--to", "2027-03-20", "--reason", "Still on leave")
    assert site.refused(QUINN, "delegation grant", NORA, *delegated, *days) == ["mandate.days"]
    renewed = site.type(QUINN, "delegation grant", NORA, *again)["mandate"]
    assert (late, QUINN) in site.waiting(NORA)
    assert site.refused(NORA, "delegation revoke", renewed, "--reason", "No") == ["mandate.not_yours"]
    site.type(QUINN, "delegation revoke", renewed, "--reason", "Back early")
    assert site.waiting(NORA) == []
    assert (late, "") in site.waiting(QUINN)
    assert site.refused(NORA, "approve", late) == ["approval.role", "mandate.ended"]
    states = {one["id"]: (one["state"], one["valid_today"]) for one in site.type(NORA, "delegation list")}
    assert states == {mandate: ("given", False), renewed: ("revoked", False)}
    site.intact()


def test_an_edit_overtakes_approvals_and_what_was_signed_opens_as_it_was(site: DecisionSite) -> None:
    item = site.new("Seal")
    site.type(QUINN, "approve", item)
    site.type(MIA, "approve", item)
    assert site.type(OLGA, "item set", item, "--reason", "Seen anew", "comment=Seen on Monday")["withdraws"] == []
    warned = site.type(OLGA, "item set", item, "--reason", "Seen anew", "cause=Wrong seal", "--preview")
    assert [(one["name"], one["level"]) for one in warned["withdraws"]] == [(QUINN, 1), (MIA, 2)]
    assert [one["standing"] for one in site.type(QUINN, "approval list", item)] == ["counts", "counts"]
    done = site.type(OLGA, "item set", item, "--reason", "Seen anew", "cause=Wrong seal")
    assert [one["name"] for one in done["withdraws"]] == [QUINN, MIA]
    for one in site.type(QUINN, "approval list", item):
        assert (one["standing"], [each["part"] for each in one["changed"]]) == ("overtaken", ["cause"])
    assert site.refused(OLGA, "item move", item, "doing") == ["approval.overtaken"]

    shown = site.type(QUINN, "approval show", item)
    assert (shown["name"], shown["same"], shown["process_version"]) == (QUINN, True, "fix@1")
    assert shown["content"]["fields"]["cause"] == "Worn seal"
    assert [(one["title"], one["then"], one["now"]) for one in shown["changed"]] == [
        ("Cause", "Worn seal", "Wrong seal")
    ]
    assert "approval.missing" in [one["rule"] for one in shown["obstacles"]], "what was open then"

    # Asked before deciding, changes requested, resubmitted, and a signature taken back.
    site.type(QUINN, "approval ask", item, "Which seal?")
    assert site.refused(WIM, "approval answer", item, "The red one") == ["question.not_yours"]
    site.type(OLGA, "approval answer", item, "The blue one")
    site.type(QUINN, "approve", item, "--request-changes", "--reason", "Name the part")
    assert site.refused(QUENTIN, "approve", item) == ["approval.changes_requested"]
    assert site.refused(QUINN, "approval resubmit", item, "--reason", "I see") == ["separation.asker"]
    site.type(OLGA, "approval resubmit", item, "--reason", "The part has no number")
    site.type(QUINN, "approve", item)
    site.type(QUINN, "approval revoke", item, "--reason", "I looked at another pump")
    assert site.refused(OLGA, "item move", item, "doing") == ["approval.overtaken"]
    site.type(QUENTIN, "approve", item)
    site.type(MIA, "approve", item)
    site.type(OLGA, "item move", item, "doing")
    assert site.refused(QUENTIN, "approval revoke", item, "--reason", "Late") == ["approval.passed"]
    site.intact()


def test_one_signing_signs_many_each_by_itself_and_majors_are_signed_alone(site: DecisionSite) -> None:
    wanted = 25
    numbers: list[str] = []

    def many_items(vault: UnlockedSession) -> None:
        olga = next(each.id for each in vault.register.people() if each.name == OLGA)
        for count in range(wanted):
            fields = {"title": f"Seal {count}", "severity": "minor", "due": "2027-04-01", "cause": "Worn"}
            made = vault.perform(CreateItem(process="fix", fields=fields)).header.subject
            vault.perform(AssignItem(item=made, person=olga))
            numbers.append(vault.register.item(made).number)

    site.by(WIM, many_items)
    major = site.new("Boiler", severity="major")
    done = site.typed(QUINN, "approve-many", *numbers, major, "FIX-NOWHERE").json()
    signed, failed = done["items"][:wanted], done["items"][wanted:]
    assert (done["count"], done["signed"], done["refused"]) == (wanted + 2, wanted, 2)
    assert [one["item"] for one in signed] == numbers
    assert len({one["entry"] for one in signed}) == wanted
    assert {one["meaning"] for one in signed} == {"I have reviewed the plan."}
    assert [one["item"] for one in failed] == [major, "FIX-NOWHERE"]
    assert failed[0]["error"]["obstacles"][0]["rule"] == "approval.single"
    assert entry(site, major)["act"] == "record_refusal"
    site.type(QUINN, "approve", major)
    again = site.typed(QUINN, "approve-many", numbers[0])
    assert (again.code, again.json()["signed"]) == (1, 0)

    # A later due day, asked for on each and granted together.
    assert site.type(MIA, "approve-many", *numbers, major)["refused"] == 0
    for number in (*numbers[:3], major):
        site.type(OLGA, "item move", number, "doing")

    def later(vault: UnlockedSession) -> None:
        for number in (*numbers[:3], major):
            words = {"reason": "The seal is late.", "interim_risk": "Checked every day."}
            vault.perform(RequestExtension(item=number, due="2027-05-01", **words))

    site.by(OLGA, later)
    granted = site.typed(MIA, "approve-many", *numbers[:3], major, "--extensions")
    assert granted.code == 1
    *later_ones, alone = granted.json()["items"]
    assert [one["item"] for one in later_ones if "entry" in one] == numbers[:3]
    assert alone["error"]["obstacles"][0]["rule"] == "approval.single"
    assert site.type(OLGA, "item show", numbers[0])["due"] == "2027-05-01"
    assert site.type(OLGA, "item show", major)["due"] == "2027-04-01"
    wrong = site.folder / "wrong.txt"
    wrong.write_text("not the words\n", encoding="utf-8")
    refused = command("approve-many", site.vault, *numbers[3:5], "--as", QUINN, "--passphrase-file", wrong, "--json")
    assert refused.code == 4
    site.intact()
