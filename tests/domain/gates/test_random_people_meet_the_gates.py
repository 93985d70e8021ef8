"""Random acts by random people: whatever gets through must satisfy the rules as written here a second time.

The checks below read only what is on file and what this machine noted itself when a signature was given; they
do not ask the judge.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from memory_register import CAST, FORWARD, MemoryVault, a_file

from domain.errors import Refused, UsageProblem
from domain.items.item import ItemFile
from domain.use_cases.add_evidence import add_evidence
from domain.use_cases.approve_item import approve_item
from domain.use_cases.assign_item import assign_item
from domain.use_cases.cancel_item import cancel_item
from domain.use_cases.close_item import close_item
from domain.use_cases.edit_item import edit_item
from domain.use_cases.hold_item import hold_item
from domain.use_cases.move_item import move_item
from domain.use_cases.reopen_item import reopen_item
from domain.use_cases.resume_item import resume_item
from domain.use_cases.review_evidence import review_evidence

PEOPLE = st.sampled_from([*CAST, "Ada"])
SIGNERS = st.sampled_from(["Quinn", "Quentin", "Pat", "Dora", "Olga"])
COVERED_BY_PLAN = ("correction", "root_cause", "similar_cases", "effectiveness_criterion", "effectiveness_review_on")
COVERED_BY_CLOSING = (*COVERED_BY_PLAN, "effectiveness_verdict", "risk_updated", "system_changed")
NEEDED = {
    "cause": ("correction", "containment", "consequences"),
    "plan": ("correction", "containment", "consequences", "root_cause", "similar_cases"),
    "implementation": (*COVERED_BY_PLAN, "actions"),
    "verification": (*COVERED_BY_PLAN, "actions"),
    "closed": (*COVERED_BY_CLOSING, "actions"),
}
ENDED = ("closed", "cancelled")


class People(RuleBasedStateMachine):
    """One item, many hands."""

    def __init__(self) -> None:
        super().__init__()
        self.vault = MemoryVault()
        self.item = ""
        self.covered: dict[str, dict[str, Any]] = {}

    @initialize(step=st.sampled_from(["plan", "implementation", "verification"]))
    def begin(self, step: str) -> None:
        self.item = self.vault.new_item()
        # Signatures of the good way are given by the machine's own verb, so that it notes what they covered.
        for here in FORWARD[: FORWARD.index(step)]:
            self.vault.make_ready(self.item, sign=False)
            if here in ("plan", "verification"):
                self.sign("Quinn", decision="approved")
                self.sign("Pat", decision="approved")
            self.vault.do(move_item, "Olga", item=self.item, step=FORWARD[FORWARD.index(here) + 1])
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
        resting = before.item.state
        ended_by = {"closed": reopen_item, "on_hold": (resume_item, cancel_item), "cancelled": ()}
        if resting != "open":
            allowed = ended_by[resting]
            assert use_case is allowed or (isinstance(allowed, tuple) and use_case in allowed)
        return True

    def content(self) -> dict[str, Any]:
        item = self.file().item
        core = {"title": item.title, "severity": item.severity, "due": item.due}
        return {**core, **{field: item.values.get(field) or "" for field in COVERED_BY_CLOSING}}

    @rule(name=SIGNERS, decision=st.sampled_from(["approved"] * 5 + ["rejected"]))
    def sign(self, name: str, decision: str) -> None:
        if self.attempt(approve_item, name, decision=decision, reason="as seen"):
            approval = self.file().approvals[-1]
            self.covered[approval.id] = self.content()
            assert approval.person not in (self.file().item.owner, self.file().item.created_by)
            assert approval.role in CAST[name]

    @rule(name=PEOPLE, step=st.sampled_from(FORWARD))
    def move(self, name: str, step: str) -> None:
        if self.attempt(move_item, name, step=step, reason="tried"):
            assert step != "closed"
            if step in ("implementation", "verification"):
                self.check_signed("plan->implementation", ("title", "severity", "due", *COVERED_BY_PLAN))
            if step == "verification":
                self.check_evidence("implementation_record")

    @rule(name=PEOPLE, outcome=st.sampled_from(["reached", "reached", "partly", "not_reached"]))
    def close(self, name: str, outcome: str) -> None:
        if self.attempt(close_item, name, outcome=outcome):
            assert "quality" in CAST[name]
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

    @rule(
        name=PEOPLE,
        field=st.sampled_from(["title", "root_cause", "effectiveness_criterion", "comments", "risk_updated"]),
        value=st.sampled_from(["A", "B", ""]),
    )
    def edit(self, name: str, field: str, value: str) -> None:
        self.attempt(edit_item, name, fields={field: value})

    @rule(verdict=st.sampled_from(["effective", "effective", "not_effective", "partly_effective"]))
    def judge(self, verdict: str) -> None:
        self.attempt(edit_item, "Quinn", fields={"effectiveness_verdict": verdict})

    @rule()
    def do_the_work(self) -> None:
        if self.file().item.state == "open":
            self.vault.make_ready(self.item, sign=False)

    @rule(name=PEOPLE, owner=PEOPLE)
    def assign(self, name: str, owner: str) -> None:
        self.attempt(assign_item, name, person=self.vault.ids[owner])

    @rule(name=PEOPLE, requirement=st.sampled_from(["implementation_record", "effectiveness_record", "photo"]))
    def add(self, name: str, requirement: str) -> None:
        file = a_file(f"{name} {self.vault.now}")
        self.attempt(add_evidence, name, requirement=requirement, file=file, file_name="a.txt")

    @rule(name=PEOPLE, accept=st.booleans(), pick=st.integers(0, 9))
    def review(self, name: str, pick: int, *, accept: bool) -> None:
        evidence = self.file().evidence
        if evidence:
            self.attempt(
                review_evidence, name, evidence=evidence[pick % len(evidence)].id, accept=accept, note="looked at"
            )

    @rule(name=PEOPLE, resume=st.booleans())
    def rest(self, name: str, *, resume: bool) -> None:
        if resume:
            self.attempt(resume_item, name, reason="on again")
        else:
            self.attempt(hold_item, name, reason="waiting", review_on="2027-01-01")

    @rule(name=PEOPLE)
    def reopen(self, name: str) -> None:
        self.attempt(reopen_item, name, reason="recurred")

    @rule(name=st.sampled_from(["Olga", "Zoe", "Nora", "Pat"]))
    def cancel(self, name: str) -> None:
        owner = self.file().item.owner
        if self.attempt(cancel_item, name, reason="tried", code="duplicate"):
            assert self.vault.ids[name] != owner

    @invariant()
    def what_the_step_needs_is_there(self) -> None:
        if not self.item:
            return
        item = self.file().item
        if item.state == "cancelled":
            return
        for field in NEEDED.get(item.step, ()):
            assert item.values.get(field), f"{field} at {item.step}"
        assert (item.step == "closed") == (item.state == "closed")


TestPeople = People.TestCase
TestPeople.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
