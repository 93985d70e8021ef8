"""Ask for a change of content that is applied when somebody else signs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.fields import value_of
from domain.gates.life_attempts import RequestChange
from domain.gates.rights import hat_used
from domain.state import State
from domain.use_cases.asking import asked_now
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def request_change(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    fields: Mapping[str, Any],
    reason: str,
) -> Act:
    """Ask that fields get these values. Before and after are on record; nothing changes until it is signed.

    Raises:
        Refused: no right to ask, no reason, a value not of its kind, nothing to change, or asked already.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    must_be_allowed(
        RequestChange(fields=dict(fields), reason=reason),
        facts,
        "be asked to be changed like this",
    )
    found = facts.file.item
    rule = facts.process.change
    proposal = {name: [msgspec.to_builtins(value_of(found, name)), value] for name, value in fields.items()}
    request = asked_now(facts, new_id, kind="change", proposal=proposal, code="", reason=reason, interim_risk="")
    return Act(
        name="request_change",
        changes=(new_record("request", request),),
        role=hat_used(facts, rule.roles if rule else ()),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
