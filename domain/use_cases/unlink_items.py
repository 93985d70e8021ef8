"""End a tie between items, with a reason."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.life_attempts import Unlink
from domain.gates.links import link_of, roles_to
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.state import State
from domain.use_cases.life_changes import decided_again, record_changed
from domain.use_cases.ruling import must_be_allowed, must_be_text


def unlink_items(register: State, *, by: Actor, item: str, link: str, reason: str) -> Act:
    """End a link (its id) of the item; it stays on record as removed.

    Raises:
        Refused: no right, no reason, or no such link in force.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    must_be_allowed(Unlink(link=link, reason=reason), facts, "have its link ended")
    found, ended = facts.file.item, link_of(facts, link)
    assert ended is not None, "the judge refuses a link that is not on record"
    return Act(
        name="unlink_items",
        changes=(
            *record_changed(
                "link", ended, state="removed", ended_at=iso(by.at), ended_by=by.person, ended_reason=reason
            ),
            *decided_again(facts, reason, link=ended.id),
        ),
        role=hat_used(facts, roles_to(facts, "link")),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
