"""The one judge. Screens, commands, imports and bulk edits all ask here; nothing else decides.

The judge reads facts and an attempt and lists every obstacle. It changes nothing and asks nobody.
"""

from __future__ import annotations

from domain.gates import life, oversight_rules, people_rules, vault_rules
from domain.gates.approvals import sign_obstacles
from domain.gates.attempt import (
    AddEvidence,
    Approve,
    AskKey,
    AssignOwner,
    Attempt,
    Cancel,
    ChangeSetting,
    Close,
    CreateItem,
    EditFields,
    Hold,
    ImportRegister,
    ItemAttempt,
    KeepPack,
    MoveTo,
    PublishProcess,
    Reject,
    Reopen,
    Resume,
    RevealKey,
    ReviewEvidence,
    VaultAttempt,
)
from domain.gates.editing import assign_obstacles, edit_obstacles
from domain.gates.evidence import add_obstacles, review_obstacles
from domain.gates.facts import Facts, VaultFacts
from domain.gates.passing import close_obstacles, move_obstacles
from domain.gates.rights import active
from domain.gates.verdict import GateVerdict, Obstacle


def obstacles(attempt: Attempt, facts: Facts | VaultFacts) -> GateVerdict:
    """Judge an attempt: attempts at an item by `Facts`, the others by `VaultFacts`.

    Raises:
        TypeError: the facts are not of the kind the attempt is judged by.
    """
    if isinstance(facts, Facts) and isinstance(attempt, ItemAttempt):
        found = _at_item(attempt, facts)
    elif isinstance(facts, VaultFacts) and isinstance(attempt, VaultAttempt):
        found = _at_vault(attempt, facts)
    else:
        raise TypeError(f"{type(attempt).__name__} is not judged by {type(facts).__name__}")
    return GateVerdict(attempt=attempt, obstacles=tuple(dict.fromkeys((*active(facts), *found))))


def _at_item(attempt: ItemAttempt, facts: Facts) -> tuple[Obstacle, ...]:
    if isinstance(attempt, KeepPack):
        return life.pack_obstacles(facts)  # closed work is just what packs are printed of
    # An item at rest answers with that alone: the other obstacles would name cures that do not help now.
    return life.resting(facts, attempt) or _at_open_item(attempt, facts)


def _at_open_item(attempt: ItemAttempt, facts: Facts) -> tuple[Obstacle, ...]:  # noqa: C901, PLR0911, PLR0912 (a table of cases)
    match attempt:
        case EditFields(fields=fields):
            return edit_obstacles(facts, fields)
        case AssignOwner(person=person):
            return assign_obstacles(facts, person)
        case MoveTo(step=step, reason=reason):
            return move_obstacles(facts, step, reason)
        case Approve(gate=gate):
            return sign_obstacles(facts, gate, approve=True)
        case Reject(gate=gate, reason=reason):
            return sign_obstacles(facts, gate, approve=False, reason=reason)
        case AddEvidence(requirement=requirement):
            return add_obstacles(facts, requirement)
        case ReviewEvidence(evidence=evidence, accept=accept, note=note):
            return review_obstacles(facts, evidence, accept=accept, note=note)
        case Hold():
            return life.hold_obstacles(facts, attempt)
        case Resume():
            return life.resume_obstacles(facts, attempt)
        case Cancel():
            return life.cancel_obstacles(facts, attempt)
        case Reopen():
            return life.reopen_obstacles(facts, attempt)
        case Close(outcome=outcome):
            return close_obstacles(facts, outcome)
        case KeepPack():
            return life.pack_obstacles(facts)


def _at_vault(attempt: VaultAttempt, facts: VaultFacts) -> tuple[Obstacle, ...]:
    match attempt:
        case CreateItem(fields=fields):
            return vault_rules.create_obstacles(facts, fields)
        case ImportRegister():
            return vault_rules.import_obstacles(facts)
        case PublishProcess(process=process):
            return vault_rules.publish_obstacles(facts, process)
        case ChangeSetting() | AskKey() | RevealKey():
            return oversight_rules.oversight_obstacles(attempt, facts)
    return people_rules.people_obstacles(attempt, facts)
