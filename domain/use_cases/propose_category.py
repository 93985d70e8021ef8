"""Propose a category of a process."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.act import Act, Actor
from domain.gates.facts import gather_vault
from domain.gates.rights import hat_used
from domain.gates.version_attempts import ProposeCategory
from domain.identity import iso
from domain.items.governance import Category
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def propose_category(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    process: str,
    word: str,
    title: str,
    owner_role: str = "",
    sla_days: int = 0,
    priority_rule: str = "",
    approval_path: str = "",
    evidence: Sequence[str] = (),
    reason: str = "",
) -> Act:
    """Propose that items of `process` may be filed under `word`: with its owner, time, priority, approvals, evidence.

    Raises:
        Refused: no right, the process has no categories, or the word is taken or none.
    """
    must_be_text(word, title, owner_role, priority_rule, approval_path, reason, *evidence)
    facts = gather_vault(register, by, process=process)
    must_be_allowed(ProposeCategory(process=process, word=word), facts, f"propose '{word}'")
    assert facts.process is not None
    assert facts.process.categories is not None, "the judge refuses a process without categories"
    category = Category(
        id=new_id(),
        process=process,
        word=word,
        title=title.strip() or word,
        owner_role=owner_role,
        sla_days=sla_days,
        priority_rule=priority_rule,
        approval_path=approval_path,
        evidence=list(evidence),
        state="proposed",
        visible_from="",
        reason=reason,
        proposed_by=by.person,
        proposed_at=iso(by.at),
        decided_by="",
        decided_at="",
        decision_reason="",
    )
    return Act(
        name="propose_category",
        changes=(new_record("category", category),),
        role=hat_used(facts, facts.process.categories.proposed_by),
        subject=category.id,
        process_version=register.in_force(process, by.at).id,
        reason=reason,
    )
