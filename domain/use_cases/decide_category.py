"""Sign that a proposed category comes into being, or not."""

from __future__ import annotations

from domain.act import Act, Actor, changed
from domain.errors import UsageProblem
from domain.gates.facts import gather_vault
from domain.gates.rights import hat_used
from domain.gates.version_attempts import DecideCategory
from domain.identity import iso
from domain.items.governance import Category
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text


def decide_category(
    register: State,
    *,
    by: Actor,
    category: str,
    approve: bool,
    visible_from: str = "",
    reason: str = "",
    meaning: str = "",
) -> Act:
    """Decide about a proposed category (its id); people may choose it from `visible_from` (ISO day, "" = today) on.

    Raises:
        Refused: no right, one's own proposal, decided already, or a day that is past.
        UsageProblem: no such category.
    """
    must_be_text(reason, meaning)
    found = next((each for each in register.all_of(Category) if each.id == category), None)
    if found is None:
        raise UsageProblem(f"There is no category {category!r} here.", cure="List the categories.")
    facts = gather_vault(register, by, process=found.process)
    day = (visible_from or iso(by.at)[:10]) if approve else ""
    attempt = DecideCategory(category=category, approve=approve, visible_from=day, reason=reason)
    must_be_allowed(attempt, facts, f"decide about '{found.word}'")
    assert facts.process is not None
    rule = facts.process.categories
    assert rule is not None, "the judge refuses a process without categories"
    before = {name: getattr(found, name) for name in _DECIDED}
    change = changed(
        "category",
        found.id,
        before,
        {
            "state": "approved" if approve else "rejected",
            "visible_from": day,
            "decided_by": by.person,
            "decided_at": iso(by.at),
            "decision_reason": reason,
        },
    )
    assert change is not None, "a decision changes the state"
    return Act(
        name="decide_category",
        changes=(change,),
        role=hat_used(facts, rule.approved_by),
        subject=found.id,
        process_version=register.in_force(found.process, by.at).id,
        reason=reason,
        meaning=meaning.strip() or (rule.meaning if approve else "Rejected"),
        ceremony=True,
    )


_DECIDED = ("state", "visible_from", "decided_by", "decided_at", "decision_reason")
