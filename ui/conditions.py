"""When a command can be used: each condition gives None, or the reason why not in words."""

from __future__ import annotations

from collections.abc import Callable

from domain.identity import iso
from domain.messages import Message, message
from domain.obstacle import Obstacle
from domain.records.people import ADMINISTRATOR
from ui.workspace import Workspace

EnabledWhen = Callable[[Workspace], str | None]
IN_BULK = ("ordinary", "confirm", "extension")
"""Kinds of waiting decisions that one signing can sign together with others."""


def always(_workspace: Workspace) -> str | None:
    """It can be used at any time."""
    return None


def vault_open(workspace: Workspace) -> str | None:
    """A vault is open."""
    return None if workspace.is_open else message("Open a vault first.")


def may_create(workspace: Workspace) -> str | None:
    """One of the person's roles may create items in some process."""
    session = workspace.session
    if session is None:
        return message("Open a vault first.")
    if not session.processes:
        return message("No process is in force in this vault.")
    allowed = {role for p in session.processes for r in p.rights if r.verb == "create" for role in r.roles}
    if session.roles & allowed:
        return None
    titles = ", ".join(sorted(session.role_title(role) for role in allowed))
    return message("Needs one of these roles: {titles}.", titles=titles)


def administrator(workspace: Workspace) -> str | None:
    """The person is an administrator."""
    session = workspace.session
    if session is None:
        return message("Open a vault first.")
    return None if "administrator" in session.roles else message("Needs the role Administrator.")


def item_chosen(workspace: Workspace) -> str | None:
    """An item is in focus."""
    if not workspace.is_open:
        return message("Open a vault first.")
    return None if workspace.focus is not None else message("Choose an item first.")


def by_verdict(act: str) -> EnabledWhen:
    """Enabled when the judge has no obstacle against the act on the item in focus."""
    return ahead(act, "")


def ahead(act: str, nothing: Message | str) -> EnabledWhen:
    """As the judge says of the act; `nothing` is stated while there is nothing for it to be about."""

    def enabled(workspace: Workspace) -> str | None:
        if workspace.focus is None:
            return item_chosen(workspace)
        verdict = workspace.focus.verdicts.get(act)
        if verdict is None:
            return str(nothing)
        return None if verdict.allowed else why(verdict.obstacles[0])

    return enabled


def why(obstacle: Obstacle) -> str:
    """What stands in the way by which process version, what remedies it, who can; on a last line the rule's id."""
    who = f" ({obstacle.responsible})" if obstacle.responsible else ""
    return f"{obstacle.text} {obstacle.remedy}{who}\n{message('Rule: {rule}', rule=obstacle.rule)}"


def anything_to_sign(workspace: Workspace) -> str | None:
    """Something waits that can be signed together with others."""
    session = workspace.session
    if session is None:
        return message("Open a vault first.")
    if any(each.kind in IN_BULK for each in session.waiting):
        return None
    return message("Nothing waits for your signature that can be signed together with others.")


def signed_before(workspace: Workspace) -> str | None:
    """Somebody has signed something at the item in focus."""
    focus = workspace.focus
    if focus is None:
        return item_chosen(workspace)
    file = focus.facts.file
    signed = file.approvals or any(each.signed_at for each in file.urgencies)
    return None if signed else message("Nobody has signed anything here.")


def holds_a_role(workspace: Workspace) -> str | None:
    """The person holds a role of some process, which a delegate could use."""
    session = workspace.session
    if session is None:
        return message("Open a vault first.")
    return None if session.roles - {ADMINISTRATOR} else message("You hold no role that could be delegated.")


def _closed_before() -> str:
    return message("It was closed before it came into this vault.")


def movable(workspace: Workspace) -> str | None:
    """A step follows the one the item stands in, and it is not closing."""
    focus = workspace.focus
    if focus is None:
        return item_chosen(workspace)
    if focus.facts.file.item.state == "closed_before":
        return _closed_before()
    if not focus.next:
        return message("No step follows the one this item stands in.")
    if all(each.closes for each in focus.next):
        return message("The next step is closing: use Close.")
    return None


def to_decide(workspace: Workspace) -> str | None:
    """A signature is asked of this very person."""
    focus = workspace.focus
    if focus is None:
        return item_chosen(workspace)
    pending, facts = focus.pending, focus.facts
    if pending is None:
        return message("No signature is asked for now.")
    if pending.open_to(facts.actor.person):
        return None
    names = ", ".join(facts.names.get(each, each) for each in pending.candidates)
    if not names:
        return message(
            "Nobody can sign here: the role {role} has no free holder.", role=facts.process.role_title(pending.role)
        )
    return message("This signature is asked of {names}.", names=names)


def to_abstain(workspace: Workspace) -> str | None:
    """A signature is asked of this very person, at a level that can be abstained from."""
    focus = workspace.focus
    reason = to_decide(workspace)
    if reason is not None or focus is None or focus.pending is None:
        return reason
    pending, process = focus.pending, focus.facts.process
    gate = process.gate(pending.gate)
    levels = gate.approvals if gate is not None else ()
    if any(each.level == pending.level and each.abstain for each in levels):
        return None
    return message(
        "Level {level} asks for a decision; nobody abstains there, by {process}.",
        process=process.name,
        level=pending.level,
    )


def closable(workspace: Workspace) -> str | None:
    """The item can be closed now, or is closed."""
    focus = workspace.focus
    if focus is None:
        return item_chosen(workspace)
    if focus.facts.file.item.state == "closed" or any(each.closes for each in focus.next):
        return None
    if focus.facts.file.item.state == "closed_before":
        return _closed_before()
    return message("Closing follows a later step of the process.")


def nothing_recorded(workspace: Workspace) -> str | None:
    """Under inspection nothing is recorded, whatever the person's rights."""
    session = workspace.session
    if session is not None and session.log.read_only:
        return message("This vault is open for reading only.")
    return None


def person_chosen(workspace: Workspace) -> str | None:
    """An active person is chosen, and the one who asks is an administrator."""
    session = workspace.session
    if session is None or administrator(workspace):
        return administrator(workspace)
    person = session.person_of(workspace.person)
    if person is None:
        return message("Choose a person first.")
    if person.state == "proposed":
        return message("{person} waits for another administrator to confirm.", person=person.name)
    return None if person.state == "active" else message("{person} was disabled.", person=person.name)


def may_confirm(workspace: Workspace) -> str | None:
    """Whoever is chosen, or a role for them, was proposed by another administrator."""
    session = workspace.session
    if session is None or administrator(workspace):
        return administrator(workspace)
    person = session.person_of(workspace.person)
    if person is None:
        return message("Choose a person first.")
    if person.state != "proposed" and not session.proposed_roles_of(person.id):
        return message("Nothing is proposed for this person.")
    return None


def may_disable(workspace: Workspace) -> str | None:
    """Somebody else is chosen who works here or waits to be confirmed."""
    session = workspace.session
    person = session.person_of(workspace.person) if session else None
    if person is not None and person.state == "proposed" and administrator(workspace) is None:
        return None
    return another_chosen(workspace)


def another_chosen(workspace: Workspace) -> str | None:
    """As `person_chosen`, and it is somebody else."""
    session = workspace.session
    if session is not None and workspace.person == session.person.id:
        return message("Nobody can do this to themselves: another administrator has to.")
    return person_chosen(workspace)


def role_held(workspace: Workspace) -> str | None:
    """The person chosen holds a role that can be ended."""
    reason = person_chosen(workspace)
    session = workspace.session
    if reason is None and session is not None and not session.roles_of(workspace.person, at=iso(workspace.now())):
        return message("This person holds no role.")
    return reason


def may_ask_reset(workspace: Workspace) -> str | None:
    """Somebody else is chosen, who is active, and nobody has asked yet."""
    session = workspace.session
    if session is None:
        return message("Open a vault first.")
    person = session.person_of(workspace.person)
    if person is None or person.state != "active":
        return message("Choose an active person first.")
    if person.id == session.person.id:
        return message("You can unlock: change your passphrase instead.")
    if any(each.person == person.id for each in session.asked_resets):
        return message("It is asked for already: another administrator gives it.")
    return None


def may_withdraw_reset(workspace: Workspace) -> str | None:
    """A request for a new key for the person chosen is open, and it is one's own or for oneself."""
    session = workspace.session
    if session is None:
        return message("Open a vault first.")
    asked = next((each for each in session.asked_resets if each.person == workspace.person), None)
    if asked is None:
        return message("No new key is asked for.")
    if session.person.id in (asked.asked_by, asked.person):
        return None
    return message(
        "{name} asked for it: they, or the person it is for, withdraw it.", name=session.name_of(asked.asked_by)
    )


def may_give_reset(workspace: Workspace) -> str | None:
    """Somebody else asked for a new key for the person chosen."""
    session = workspace.session
    if session is None or another_chosen(workspace):
        return another_chosen(workspace)
    asked = next((each for each in session.asked_resets if each.person == workspace.person), None)
    if asked is None:
        return message("Another person has to ask for the new key first.")
    if asked.asked_by == session.person.id:
        return message("You asked for it: a second person has to give it.")
    return None
