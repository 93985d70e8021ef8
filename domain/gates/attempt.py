"""What a person attempts: the questions the one judge answers."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.gates.approval_attempts import ApprovalAttempt, MandateAttempt
from domain.gates.clock_attempts import ClockAttempt
from domain.gates.life_attempts import LifeAttempt
from domain.gates.version_attempts import MigrateItem, VersionAttempt


class _Attempt(msgspec.Struct, frozen=True, kw_only=True, tag_field="attempt"):
    """An attempt is a value, so that a verdict can be shown, compared and kept with its question."""


class EditFields(_Attempt, frozen=True, kw_only=True, tag="edit_item"):
    """Change values: core fields and the process's own fields by id, new value each."""

    fields: dict[str, Any]


class AssignOwner(_Attempt, frozen=True, kw_only=True, tag="assign_item"):
    """Make a person the owner."""

    person: str


class MoveTo(_Attempt, frozen=True, kw_only=True, tag="move_item"):
    """Pass to another step that is not the closed one."""

    step: str
    reason: str = ""


class Approve(_Attempt, frozen=True, kw_only=True, tag="approve_item"):
    """Sign at a gate (a transition id, `cancel` or `reopen`); `bulk`: together with others, in one ceremony."""

    gate: str
    bulk: bool = False


class Reject(_Attempt, frozen=True, kw_only=True, tag="reject_item"):
    """Sign that the content must change before the gate can be passed."""

    gate: str
    reason: str


class AddEvidence(_Attempt, frozen=True, kw_only=True, tag="add_evidence"):
    """Put a file on record for a requirement."""

    requirement: str


class ReviewEvidence(_Attempt, frozen=True, kw_only=True, tag="review_evidence"):
    """Accept or reject a file that was added."""

    evidence: str
    accept: bool
    note: str = ""


class Hold(_Attempt, frozen=True, kw_only=True, tag="hold_item"):
    """Stop work until a review day (ISO). `waiting_for` is what it waits for: an item, or words."""

    reason: str
    review_on: str = ""
    waiting_for: str = ""


class Resume(_Attempt, frozen=True, kw_only=True, tag="resume_item"):
    """Take work up again."""

    reason: str


class Cancel(_Attempt, frozen=True, kw_only=True, tag="cancel_item"):
    """End work without its outcome. `code` is one of the process's cancellation reasons, if it has any."""

    reason: str
    code: str = ""


class Reopen(_Attempt, frozen=True, kw_only=True, tag="reopen_item"):
    """Start a new cycle of closed work."""

    reason: str


class Close(_Attempt, frozen=True, kw_only=True, tag="close_item"):
    """Close with an outcome."""

    outcome: str


class KeepPack(_Attempt, frozen=True, kw_only=True, tag="keep_pack"):
    """Print a closure pack and put it on record."""


class CreateItem(_Attempt, frozen=True, kw_only=True, tag="create_item"):
    """Begin a piece of work, with these values."""

    fields: dict[str, Any]


class ImportRegister(_Attempt, frozen=True, kw_only=True, tag="import_register"):
    """Bring the rows of a tracker in."""

    rows: int


class EnrolPerson(_Attempt, frozen=True, kw_only=True, tag="enrol_person"):
    """Take a person into the vault with these roles. `person` and `key` are the new ids, where known already."""

    name: str
    roles: tuple[str, ...]
    person: str = ""
    key: str = ""


class GrantRole(_Attempt, frozen=True, kw_only=True, tag="grant_role"):
    """Give a person a role."""

    person: str
    role: str


class RevokeRole(_Attempt, frozen=True, kw_only=True, tag="revoke_role"):
    """End a role that a person holds."""

    person: str
    role: str


class PublishProcess(_Attempt, frozen=True, kw_only=True, tag="publish_process"):
    """Put a shipped process in force in this vault for the first time."""

    process: str


class DisablePerson(_Attempt, frozen=True, kw_only=True, tag="disable_person"):
    """End a person's work here: no way in, no roles, no signature from now on."""

    person: str
    reason: str


class BeginRotation(_Attempt, frozen=True, kw_only=True, tag="begin_rotation"):
    """Change the data key under which everything here is encrypted."""

    reason: str


class AskReset(_Attempt, frozen=True, kw_only=True, tag="ask_reset"):
    """Ask that a person who cannot unlock any more be given a new key."""

    person: str
    reason: str


class GiveReset(_Attempt, frozen=True, kw_only=True, tag="give_reset"):
    """Give a person the new key (its id) that somebody else asked for."""

    reset: str
    key: str = ""


class WithdrawReset(_Attempt, frozen=True, kw_only=True, tag="withdraw_reset"):
    """Withdraw a request for a new key (its id) that is still open."""

    reset: str
    reason: str


class RecoverKey(_Attempt, frozen=True, kw_only=True, tag="recover_key"):
    """Take a new key (its id) with the code of one's own recovery sheet."""

    sheet: str
    key: str = ""


class MakeSheet(_Attempt, frozen=True, kw_only=True, tag="keep_recovery_sheet"):
    """Print a recovery code for oneself; it replaces the one before."""


class Declare(_Attempt, frozen=True, kw_only=True, tag="sign_declaration"):
    """Declare that one's signatures here bind like handwriting."""


class SignAct(_Attempt, frozen=True, kw_only=True, tag="sign"):
    """Put a signature with a meaning under an act."""

    act: str


class ReviewAccess(_Attempt, frozen=True, kw_only=True, tag="review_access"):
    """Sign that the people, their keys and their roles were looked at."""

    findings: str
    in_order: bool


class ChangeSetting(_Attempt, frozen=True, kw_only=True, tag="change_setting"):
    """Change a setting of the vault."""

    name: str
    value: str


class AskKey(_Attempt, frozen=True, kw_only=True, tag="ask_key"):
    """Ask that the store's raw key be given out, where that takes two persons."""

    purpose: str


class RevealKey(_Attempt, frozen=True, kw_only=True, tag="reveal_key"):
    """Give out the store's raw key. `asked_by` is who asked for it, where that takes two persons ("" = nobody)."""

    purpose: str
    needs_two: bool
    asked_by: str = ""


ItemAttempt = (
    EditFields
    | AssignOwner
    | MoveTo
    | Approve
    | Reject
    | AddEvidence
    | ReviewEvidence
    | Hold
    | Resume
    | Cancel
    | Reopen
    | Close
    | KeepPack
    | LifeAttempt
    | ApprovalAttempt
    | MigrateItem
)
PeopleAttempt = (
    EnrolPerson
    | GrantRole
    | RevokeRole
    | DisablePerson
    | BeginRotation
    | AskReset
    | GiveReset
    | WithdrawReset
    | RecoverKey
    | MakeSheet
    | Declare
    | SignAct
    | ReviewAccess
)
OversightAttempt = ChangeSetting | AskKey | RevealKey
VaultAttempt = (
    CreateItem
    | ImportRegister
    | PublishProcess
    | OversightAttempt
    | PeopleAttempt
    | MandateAttempt
    | ClockAttempt
    | VersionAttempt
)
Attempt = ItemAttempt | VaultAttempt
