"""Sign that a new item begins for what came back after closing."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.life_attempts import BeginRecurrence
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.items.item import Item, Passage
from domain.process.decode import decode_process
from domain.state import State
from domain.use_cases.create_item import number_text
from domain.use_cases.life_changes import new_link
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def begin_recurrence(
    register: State, *, by: Actor, new_id: Callable[[], str], item: str, reason: str, meaning: str = ""
) -> Act:
    """Begin a new item in the version of the process in force, linked as a recurrence of the closed one.

    It takes over title, severity and owner; its description is the reason. The closed item does not change.

    Raises:
        Refused: no right, no reason, not closed, or the process reopens instead.
    """
    must_be_text(reason, meaning)
    facts = gather(register, item, by)
    must_be_allowed(BeginRecurrence(reason=reason), facts, "be taken up as a recurrence")
    closed, at, rule = facts.file.item, iso(by.at), facts.process.reopen
    record = register.in_force(closed.process, by.at)
    version = decode_process(record.definition)
    number = register.next_number(closed.process)
    owner = closed.owner if closed.owner in facts.active else ""
    new = Item(
        id=new_id(),
        number=number_text(register.vault().prefix, version.numbering.prefix, number, version.numbering.digits),
        process=closed.process,
        process_version=record.id,
        title=closed.title,
        description=reason,
        step=version.first_step,
        state="open",
        owner=owner,
        owner_name=facts.names.get(owner, ""),
        due="",
        severity=closed.severity if closed.severity in version.severities else "",
        priority=closed.priority,
        raised=at[:10],
        closed="",
        cycle=1,
        values={},
        hold=None,
        legacy_status="",
        legacy=[],
        source=None,
        source_key="",
        source_fingerprint="",
        created_at=at,
        created_by=by.person,
        step_since=at,
    )
    begun = Passage(id=new_id(), item=new.id, cycle=1, from_step="", to_step=new.step, at=at, by=by.person, reason="")
    tie = new_link(new.id, closed.id, "recurrence_of", by=by, id_=new_id(), reason=reason, number=closed.number)
    return Act(
        name="begin_recurrence",
        changes=(
            new_record("item", new),
            new_record("passage", begun),
            new_record("link", tie),
        ),
        role=hat_used(facts, rule.roles),
        subject=new.id,
        process_version=record.id,
        reason=reason,
        meaning=meaning.strip() or rule.meaning,
        ceremony=True,
    )
