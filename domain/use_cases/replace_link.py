"""Put another item in the place of the one a link names."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.facts import gather_with
from domain.gates.life_attempts import ReplaceLink
from domain.gates.links import link_of, roles_to
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.state import State
from domain.use_cases.life_changes import decided_again, new_link, record_changed
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def replace_link(
    register: State, *, by: Actor, new_id: Callable[[], str], item: str, link: str, other: str, reason: str
) -> Act:
    """End a link (its id) as replaced, and make one of the same kind to another item (id or number).

    Raises:
        Refused: no right, no reason, no such link in force, or the new tie may not be made.
        UsageProblem: no such item.
    """
    must_be_text(reason)
    facts = gather_with(register, item, other, by)
    assert facts.other is not None, "gathered with the other item"
    must_be_allowed(ReplaceLink(link=link, other=facts.other.id, reason=reason), facts, "have its link replaced")
    found, ended = facts.file.item, link_of(facts, link)
    assert ended is not None, "the judge refuses a link that is not on record"
    tie = new_link(found.id, facts.other.id, ended.kind, by=by, id_=new_id(), reason=reason, number=facts.other.number)
    return Act(
        name="replace_link",
        changes=(
            *record_changed(
                "link", ended, state="replaced", ended_at=iso(by.at), ended_by=by.person, ended_reason=reason
            ),
            new_record("link", tie),
            *decided_again(facts, reason, link=ended.id),
        ),
        role=hat_used(facts, roles_to(facts, "link")),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
