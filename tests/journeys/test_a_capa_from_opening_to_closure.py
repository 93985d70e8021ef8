"""A corrective action from the finding to an effect judged by somebody else: twice ineffective, then effective."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from request_site import FIRST_ADMIN, RequestSite, make_site

OWNER, CHECKER, SIGNER, CREATOR, PROCESS = "Olga", "Quinn", "Leo", "Wim", "Pat"
ROLES = {OWNER: "auditor", CHECKER: "quality", SIGNER: "quality", CREATOR: "quality", PROCESS: "process_owner"}
WHYS = [
    {"why": "Why is hole 3 off?", "because": "The part sits loose.", "shown_by": "Trial"},
    {"why": "Why does it sit loose?", "because": "The fixture is worn.", "shown_by": "Measurement"},
]
BONES = [{"branch": "machine", "cause": "Worn fixture", "asserted": "yes", "shown_by": "Measurement"}]
ACTION = {"action": "New fixture", "responsible": OWNER, "due": "2027-04-01", "state": "open"}


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RequestSite:
    made = tmp_path_factory.mktemp("capa")
    make_site(made, monkeypatch)
    found = RequestSite(made, tmp_path, monkeypatch)
    new = ("--person", PROCESS, "--role", ROLES[PROCESS], "--new-passphrase-file", found.secret)
    found.type(FIRST_ADMIN, "people add", "--identity", "Passport seen", *new)
    for name in (OWNER, SIGNER, CREATOR):
        found.type(FIRST_ADMIN, "people roles grant", name, ROLES[name])
    return found


def proven(site: RequestSite, item: str, requirement: str) -> None:
    """The owner adds a file, quality accepts it; the owner cannot."""
    proof = site.folder / f"{requirement} {site.at[:10]}.txt"
    proof.write_text(f"{requirement} seen on {site.at}\n", encoding="utf-8")
    site.type(OWNER, "evidence add", item, proof, "--requirement", requirement)
    assert site.refused(OWNER, "evidence review", item, proof.name, "--accept") >= {"separation.evidence"}
    site.type(CHECKER, "evidence review", item, proof.name, "--accept")


def approved(site: RequestSite, item: str, *, gate: str = "") -> None:
    asked = ("--gate", gate) if gate else ()
    site.type(SIGNER, "approve", item, *asked)
    site.type(PROCESS, "approve", item, *asked)


def test_a_capa_is_closed_when_somebody_else_finds_it_effective(site: RequestSite) -> None:
    fields = ("title=Hole 3 misplaced", "description=12 of 80 parts are 0.4 mm off.", "severity=major")
    item = str(site.type(CREATOR, "item new", "--process", "capa", *fields)["number"])
    assert site.refused(CREATOR, "item move", item, "containment") == {"owner.missing"}
    site.type(CREATOR, "item assign", item, OWNER)
    site.type(CREATOR, "item move", item, "containment")

    # Every question of 10.2 is answered: done, or not needed because.
    assert site.refused(OWNER, "item set", item, "consequences=none") == {"field.kind"}
    site.type(
        *(
            OWNER,
            "item set",
            item,
            "--reason",
            "Seen anew",
            "correction=Parts sorted out.",
            "containment=Stock blocked.",
        ),
        "consequences=not needed because no part had left the house",
    )
    site.type(OWNER, "item move", item, "cause")

    # The cause needs its method's table, a stored look for similar cases, and proof.
    site.type(
        OWNER,
        "item set",
        item,
        "--reason",
        "Seen anew",
        "cause_method=both",
        "root_cause=Worn fixture: nobody inspects it.",
    )
    missing = site.typed(OWNER, "item can", item, "move_item", "step=plan").json()["obstacles"]
    assert {one["about"] for one in missing} == {
        "five_whys",
        "fishbone",
        "similar_cases",
        "similar_result",
        "cause_record",
    }
    site.type(
        OWNER,
        "item set",
        item,
        "--reason",
        "Seen anew",
        f"five_whys={json.dumps(WHYS)}",
        f"fishbone={json.dumps(BONES)}",
    )
    site.type(
        OWNER,
        "item set",
        item,
        "--reason",
        "Seen anew",
        "similar_cases=Lines 3 and 4 checked.",
        "similar_result=none_found",
    )
    assert site.refused(OWNER, "item move", item, "plan") == {"evidence.missing"}
    proven(site, item, "cause_record")
    site.type(OWNER, "item move", item, "plan")

    # The plan: who judges the effect does not own the work.
    plan = (f"actions={json.dumps([ACTION])}", "effectiveness_criterion=No misplaced hole.", "due=2027-06-30")
    window = ("effectiveness_review_on=2027-05-03", "effectiveness_window=500 parts")
    site.type(OWNER, "item set", item, "--reason", "Seen anew", *plan, *window, f"effectiveness_checker={OWNER}")
    assert site.refused(CHECKER, "approve", item) == {"field.owner"}
    site.type(OWNER, "item set", item, "--reason", "Seen anew", f"effectiveness_checker={CHECKER}")
    assert site.refused(CREATOR, "approve", item) == {"separation.creator"}
    approved(site, item)
    site.type(OWNER, "item move", item, "implementation")
    site.type(OWNER, "item set", item, "--reason", "Seen anew", f"actions={json.dumps([{**ACTION, 'state': 'done'}])}")
    proven(site, item, "implementation_record")
    site.type(OWNER, "item move", item, "verification")

    # Inconclusive: it does not close, and a longer window is approved anew.
    site.at = "2027-05-03T09:00Z"
    proven(site, item, "effectiveness_record")
    answers = ("risk_updated=done: R-12 lowered", "system_changed=not needed because the instruction was right")
    site.type(CHECKER, "item set", item, "--reason", "Seen anew", "effectiveness_verdict=inconclusive", *answers)
    assert "condition.outcome" in site.refused(CHECKER, "close", item, "--outcome", "reached")
    site.type(
        CREATOR,
        "item set",
        item,
        "--reason",
        "Seen anew",
        "effectiveness_window=1000 parts",
        "effectiveness_review_on=2027-05-31",
    )
    assert "approval.overtaken" in site.refused(CHECKER, "close", item, "--outcome", "reached")
    approved(site, item, gate="plan->implementation")

    # Ineffective: it does not close but begins a new cycle, counted; the third one is shown to quality.
    for cycle, day in ((2, "2027-05-31"), (3, "2027-06-14")):
        site.at = f"{day}T09:00Z"
        site.type(CHECKER, "item set", item, "--reason", "Seen anew", "effectiveness_verdict=not_effective")
        assert "condition.outcome" in site.refused(CHECKER, "close", item, "--outcome", "partly")
        moved = site.type(CHECKER, "item move", item, "cause", "--reason", "Three of 500 are off.")
        assert moved["step"] == "cause"
        shown = site.type(OWNER, "item show", item)
        assert (shown["cycle"], shown["values"].get("effectiveness_verdict", "")) == (cycle, "")
        proven(site, item, "cause_record")
        site.type(
            OWNER,
            "item set",
            item,
            "--reason",
            "Seen anew",
            f"root_cause=The restore test wanders on entry, look {cycle}.",
        )
        site.type(OWNER, "item move", item, "plan")
        approved(site, item)
        site.type(OWNER, "item move", item, "implementation")
        proven(site, item, "implementation_record")
        site.type(OWNER, "item move", item, "verification")
    output = site.type(CHECKER, "alerts list")
    assert [one["condition"] for one in output if one["condition"] == "cycle"], output

    # Effective: judged and signed by others than owner and creator, closed with its pack.
    site.at = "2027-06-28T09:00Z"
    proven(site, item, "effectiveness_record")
    site.type(CHECKER, "item set", item, "--reason", "Seen anew", "effectiveness_verdict=effective", *answers)
    assert "separation.owner" in site.refused(CHECKER, "approve", item), "whoever judged does not sign for it too"
    assert "approval.missing" in site.refused(CHECKER, "close", item, "--outcome", "reached")
    approved(site, item)
    printout = site.folder / "pack.pdf"
    site.type(CHECKER, "close", item, "--outcome", "reached", "--summary", "1000 parts.", "--pack", printout)
    site.verified(printout)
    shown = site.type(OWNER, "item show", item)
    assert (shown["state"], shown["cycle"]) == ("closed", 3)
    site.intact()
