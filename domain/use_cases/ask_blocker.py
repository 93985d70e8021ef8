"""Ask the owner of the item that this one waits for."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.life_attempts import AskBlocker
from domain.gates.links import roles_to
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.items.governance import Question
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def ask_blocker(register: State, *, by: Actor, new_id: Callable[[], str], item: str, link: str, text: str) -> Act:
    """Put a question on the item that a link (its id) waits for, to its owner, who finds it among their own work.

    Raises:
        Refused: no right, no words, the link blocks nothing, or the blocker has no owner.
    """
    must_be_text(text)
    facts = gather(register, item, by)
    must_be_allowed(AskBlocker(link=link, text=text), facts, "have its blocker asked")
    found = facts.file.item
    blocker = next(each for each in facts.blockers if each.link.id == link)
    far = register.item(blocker.link.other)
    question = Question(
        id=new_id(),
        item=far.id,
        cycle=far.cycle,
        gate="",
        text=f"{found.number} '{found.title}' waits for this: {text}",
        asked_by=by.person,
        asked_at=iso(by.at),
        asked_of=far.owner,
        stops_clock="no",
        answer="",
        answered_by="",
        answered_at="",
    )
    return Act(
        name="ask_blocker",
        changes=(new_record("question", question),),
        role=hat_used(facts, roles_to(facts, "ask")),
        subject=found.id,
        process_version=found.process_version,
        reason=text,
    )
