"""Random acts by random people: whatever gets through must satisfy the rules as written here a second time.

The checks below read only what is on file and what this machine noted itself when a signature was given; they
do not ask the judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from memory_register import CAST, FORWARD, MemoryVault, a_file

from domain.commands.approvals import ApproveItem
from domain.commands.closure import CancelItem, CloseItem
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.items import AssignItem, EditItem, HoldItem, MoveItem, ReopenItem, ResumeItem
from domain.errors import Refused, UsageProblem
from domain.records.item import ItemFile

PEOPLE = (*CAST, "Ada")
SIGNERS = ("Quinn", "Quentin", "Pat", "Dora", "Olga")
COVERED_BY_PLAN = ("correction", "root_cause", "similar_cases", "effectiveness_criterion", "effectiveness_review_on")
COVERED_BY_CLOSING = (*COVERED_BY_PLAN, "effectiveness_verdict", "risk_updated", "system_changed")
NEEDED = {
    "cause": ("correction", "containment", "consequences"),
    "plan": ("correction", "containment", "consequences", "root_cause", "similar_cases"),
    "implementation": (*COVERED_BY_PLAN, "actions"),
    "verification": (*COVERED_BY_PLAN, "actions"),
    "closed": (*COVERED_BY_CLOSING, "actions"),
}


class People:
    """One item, many hands."""

    def __init__(self, dice: Random, step: str) -> None:
        self.dice = dice
        self.vault = MemoryVault()
        self.item = self.vault.new_item()
        self.covered: dict[str, dict[str, Any]] = {}
        # Signatures of the good way are given by the machine's own verb, so that it notes what they covered.
        for here in FORWARD[: FORWARD.index(step)]:
            self.vault.make_ready(self.item, sign=False)
            if here in ("plan", "verification"):
                self.sign("Quinn", decision="approved")
                self.sign("Pat", decision="approved")
            self.vault.do(MoveItem, "Olga", item=self.item, step=FORWARD[FORWARD.index(here) + 1])
        self.vault.make_ready(self.item, sign=False)

    def file(self) -> ItemFile:
        return self.vault.register.item_file(self.item)

    def attempt(self, use_case: Any, name: str, **arguments: Any) -> bool:
        before = self.file()
        try:
            self.vault.do(use_case, name, item=self.item, **arguments)
        except (Refused, UsageProblem):
            assert self.file() == before, "a refusal changed something"
            return False
        on_hold = before.item.state
        ended_by = {"closed": ReopenItem, "on_hold": (ResumeItem, CancelItem), "cancelled": ()}
        if on_hold != "open":
            allowed = ended_by[on_hold]
            assert use_case is allowed or (isinstance(allowed, tuple) and use_case in allowed)
        return True

    def content(self) -> dict[str, Any]:
        item = self.file().item
        core = {"title": item.title, "severity": item.severity, "due": item.due}
        return {**core, **{field: item.values.get(field) or "" for field in COVERED_BY_CLOSING}}

    def sign(self, name: str, decision: str) -> None:
        if self.attempt(ApproveItem, name, decision=decision, reason="as seen"):
            approval = self.file().approvals[-1]
            self.covered[approval.id] = self.content()
            assert approval.person not in (self.file().item.owner, self.file().item.created_by)
            assert approval.role in CAST[name]

    def move(self, name: str, step: str) -> None:
        if self.attempt(MoveItem, name, step=step, reason="tried"):
            assert step != "closed"
            PASSED[step] += 1
            if step in ("implementation", "verification"):
                self.check_signed("plan->implementation", ("title", "severity", "due", *COVERED_BY_PLAN))
            if step == "verification":
                self.check_evidence("implementation_record")

    def go_on(self, name: str) -> None:
        """The next step forward, whatever it is, by somebody who mostly may take it."""
        here = self.file().item.step
        if here == "verification":
            self.close(name, "reached")
        elif here != "closed":
            self.move(name, FORWARD[FORWARD.index(here) + 1])

    def close(self, name: str, outcome: str) -> None:
        if self.attempt(CloseItem, name, outcome=outcome):
            assert "quality" in CAST[name]
            PASSED["closed"] += 1
            self.check_signed("plan->implementation", ("title", "severity", "due", *COVERED_BY_PLAN))
            self.check_signed("verification->closed", ("title", "severity", "due", *COVERED_BY_CLOSING))
            self.check_evidence("implementation_record")
            self.check_evidence("effectiveness_record")
            verdict = self.file().item.values["effectiveness_verdict"]
            assert verdict in {"reached": ["effective"], "partly": ["effective", "partly_effective"]}[outcome]

    def check_signed(self, gate: str, fields: tuple[str, ...]) -> None:
        file, now = self.file(), self.content()
        good = [
            each
            for each in file.approvals
            if each.gate == gate
            and each.cycle == file.item.cycle
            and each.decision == "approved"
            and each.person not in (file.item.owner, file.item.created_by)
            and all(self.covered[each.id][field] == now[field] for field in fields)
        ]
        pairs = [(a, b) for a in good for b in good if (a.level, b.level) == (1, 2) and a.person != b.person]
        assert any((a.role, b.role) == ("quality", "process_owner") for a, b in pairs), f"two persons at {gate}"

    def check_evidence(self, requirement: str) -> None:
        file = self.file()
        good = [
            each
            for each in file.evidence
            if each.requirement == requirement and each.cycle == file.item.cycle and each.state == "accepted"
        ]
        assert good
        assert all(each.added_by != each.reviewed_by for each in good)

    def edit(self, name: str, field: str, value: str) -> None:
        self.attempt(EditItem, name, fields={field: value}, reason="Seen anew")

    def do_the_work(self) -> None:
        if self.file().item.state == "open":
            self.vault.make_ready(self.item, sign=False)

    def add(self, name: str, requirement: str) -> None:
        file = a_file(f"{name} {self.vault.now}")
        self.attempt(AddEvidence, name, requirement=requirement, file=file, file_name="a.txt")

    def review(self, name: str, *, accept: bool) -> None:
        waiting = [each for each in self.file().evidence if each.state == "submitted"]
        if waiting:
            self.attempt(ReviewEvidence, name, evidence=self.dice.choice(waiting).id, accept=accept, note="seen")

    def cancel(self, name: str) -> None:
        owner = self.file().item.owner
        if self.attempt(CancelItem, name, reason="tried", code="duplicate"):
            assert self.vault.ids[name] != owner

    def random_act(self) -> None:
        """One act by somebody; mischief as often as work."""
        pick, anybody, signer = self.dice.choice, self.dice.choice(PEOPLE), self.dice.choice(SIGNERS)
        acts: list[tuple[float, Callable[[], object]]] = [
            (14, lambda: self.sign(signer, pick(["approved"] * 7 + ["rejected"]))),
            (12, lambda: self.go_on(signer)),
            (2, lambda: self.move(anybody, pick(FORWARD))),
            (2, lambda: self.close(anybody, pick(["reached", "partly", "not_reached"]))),
            (4, self.do_the_work),
            (1.5, lambda: self.edit(signer, pick(["title", "root_cause", "comments", "risk_updated"]), pick("AB"))),
            (1, lambda: self.edit(signer, pick(["root_cause", "correction", "comments", "risk_updated"]), "")),
            (1, lambda: self.edit(signer, "effectiveness_verdict", pick(["effective", "effective", "not_effective"]))),
            (0.5, lambda: self.attempt(AssignItem, signer, person=self.vault.ids[pick(PEOPLE)])),
            (1, lambda: self.add(signer, pick(["implementation_record", "effectiveness_record", "photo"]))),
            (3, lambda: self.review(signer, accept=pick([True, True, False]))),
            (0.5, lambda: self.attempt(HoldItem, anybody, reason="waiting", review_on="2027-01-01")),
            (3, lambda: self.attempt(ResumeItem, signer, reason="on again")),
            (2, lambda: self.attempt(ReopenItem, signer, reason="recurred")),
        ]
        self.dice.choices([act for _, act in acts], [weight for weight, _ in acts])[0]()
        if self.dice.random() < 0.003:
            self.cancel(anybody)  # ends everything: rarely

    def check_what_the_step_needs(self) -> None:
        item = self.file().item
        if item.state == "cancelled":
            return
        for field in NEEDED.get(item.step, ()):
            assert item.values.get(field), f"{field} at {item.step}"
        assert (item.step == "closed") == (item.state == "closed")


PASSED: Counter[str] = Counter()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), step=st.sampled_from(["plan", "plan", "implementation", "verification"]))
def test_whatever_gets_through_satisfies_the_rules_written_twice(seed: int, step: str) -> None:
    people = People(Random(seed), step)
    for _ in range(120):
        people.random_act()
        people.check_what_the_step_needs()


def test_the_random_people_did_get_through_the_gates() -> None:
    # Without this the test above could pass because nobody ever got anywhere.
    for seed in range(40):
        people = People(Random(seed), ("plan", "verification")[seed % 2])
        for _ in range(120):
            people.random_act()
    print(PASSED)
    assert PASSED["implementation"] >= 20
    assert PASSED["verification"] >= 10
    assert PASSED["closed"] >= 5
