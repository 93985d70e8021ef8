"""People, keys and roles as they stood at each entry of a log, and what was done to them that no rule allows.

Replay folds every entry through here. It asks again, of the signed records alone, what the gates asked before
the entry was written: an entry crafted around the gates, with whatever valid signature, is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from domain.act import Change
from domain.gates.mandates_then import SignatureThen, judge_mandate, judge_signature, mandate_carries
from domain.gates.reset_rules import Misdeed, ResetThen, reset_misdeeds
from domain.items.governance import Mandate
from domain.items.people import ADMINISTRATOR, Declaration, KeyReset, Person, PersonKey, PersonRole, RecoverySheet
from domain.law.letters import fold
from domain.log.certificates import certificate_problem
from domain.log.entry import Header

Verify = Callable[[bytes, bytes, bytes], bool]
"""verify(public key, signature, message)"""

_KINDS: dict[str, type[msgspec.Struct]] = {
    "person": Person,
    "person_key": PersonKey,
    "person_role": PersonRole,
    "key_reset": KeyReset,
    "recovery_sheet": RecoverySheet,
    "declaration": Declaration,
    "mandate": Mandate,
}
PEOPLE_RECORDS = frozenset(_KINDS)
"""Records that say who may sign as what."""
_MAY_CHANGE = {
    "person": {"state"},
    "person_key": {"revoked_from"},
    "person_role": {"valid_until"},
    "key_reset": {"state", "given_by", "given_at", "new_key", "sheet", "proof"},
    "recovery_sheet": {"state", "ended_at"},
    "declaration": set[str](),
    "mandate": {"state", "revoked_at", "revoked_by"},
}


class _Step(msgspec.Struct, frozen=True):
    """One change of this entry: the record before (None = new) and after."""

    record: str
    id: str
    before: Any
    after: Any


class PeopleThen:
    """Keys, roles and people as of the entry being judged."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Any]] = {name: {} for name in _KINDS}
        self._new: list[PersonKey] = []
        self._steps: list[_Step] = []
        self._administrators: tuple[PersonRole, ...] = ()
        self._declared: set[str] = set()
        self._signed: list[SignatureThen] = []

    def begin(self) -> None:
        """The next changes belong to a new entry."""
        self._steps.clear()
        self._signed.clear()

    def take(self, change: Change) -> None:
        """Fold a change of a record about people, and look at who signs an approval; others are not its business."""
        if change.record == "approval" and change.before is None:
            who = (str(change.after.get(name, "")) for name in ("person", "role", "mandate"))
            self._signed.append(SignatureThen(change.id, *who))
        table = self._tables.get(change.record)
        if table is None:
            return
        if not self._steps:
            self._administrators = tuple(held for held in self._roles() if held.role == ADMINISTRATOR)
        known = table.get(change.id)
        values = {**(msgspec.to_builtins(known) if known else {}), **change.after, "id": change.id}
        after = msgspec.convert(values, _KINDS[change.record])
        table[change.id] = after
        # A record made a second time keeps what it was before, so that it can be told.
        self._steps.append(_Step(change.record, change.id, known, after))
        if isinstance(after, PersonKey) and known is None:
            self._new.append(after)
        if isinstance(after, Declaration):
            self._declared.add(after.person)

    def key(self, id_: str) -> PersonKey | None:
        """The key with this id, if anyone was given it."""
        found: PersonKey | None = self._tables["person_key"].get(id_)
        return found

    def holds(self, person: str, role: str, at: str) -> bool:
        """Whether the person held the role at that instant."""
        return any(held.role == role and _held(held, person, at) for held in self._roles())

    def acts_under_mandate(self, header: Header, *, severity: str) -> bool:
        """Whether the mandate an entry names carries it, on an item of this severity."""
        mandate: Mandate | None = self._tables["mandate"].get(header.mandate)
        return mandate_carries(mandate, header, severity=severity, holds=self.holds)

    def unproven(self, *, vault: str, root_key: bytes, verify: Verify) -> tuple[tuple[str, str], ...]:
        """(key id, problem) of keys certified since the last call whose certificates do not hold."""
        fresh, self._new = self._new, []
        found = ((key.id, certificate_problem(key, vault=vault, root_key=root_key, verify=verify)) for key in fresh)
        return tuple((key, problem) for key, problem in found if problem)

    def misdeeds(self, header: Header, *, verify: Verify) -> tuple[Misdeed, ...]:
        """What this entry does to people that no rule allows; call it after its changes were taken."""
        signs = header.auth == "passphrase" and bool(header.meaning)
        mandates = self._tables["mandate"]
        found = [misdeed for signed in self._signed for misdeed in judge_signature(signed, header, mandates)]
        if self._steps:
            found += [misdeed for step in self._steps for misdeed in self._judge(step, header)]
            found += reset_misdeeds(self._reset_view(header, verify))
        return (*found, *(self._undeclared(header) if signs else ()))

    def _undeclared(self, header: Header) -> tuple[Misdeed, ...]:
        if header.by in self._declared:
            return ()
        text = "signs with a meaning, and its person has not declared that such signatures bind."
        return (Misdeed("declaration", header.by, "person", text),)

    def _judge(self, step: _Step, header: Header) -> Iterator[Misdeed]:
        if isinstance(step.after, Mandate):
            administrator = self._is_administrator(header)
            yield from judge_mandate(step.before, step.after, header, holds=self.holds, administrator=administrator)
        if step.before is None:
            yield from self._judge_new(step, header)
            return
        odd = {name for name in step.after.__struct_fields__ if getattr(step.before, name) != getattr(step.after, name)}
        for name in sorted(odd - _MAY_CHANGE[step.record]):
            yield Misdeed(
                step.record, step.id, name, f"changes {name} of a {_words(step.record)}, which never changes."
            )
        if step.record in ("person", "person_role") and not self._is_administrator(header):
            yield self._no_administrator(step, header)
        if isinstance(step.after, PersonKey):
            yield from self._judge_revocation(step, header)
        if isinstance(step.after, Person) and step.before.state == "disabled" and step.after.state == "active":
            yield Misdeed("person", step.id, "state", "brings a disabled person back.")
        if isinstance(step.after, PersonRole) and step.before.valid_until and not step.after.valid_until:
            yield Misdeed("person_role", step.id, "valid_until", "gives back a role that had ended.")
        if isinstance(step.after, KeyReset) and step.before.state == "given":
            yield Misdeed("key_reset", step.id, "state", "uses a reset a second time.")
        if isinstance(step.after, KeyReset) and step.before.state == "withdrawn":
            yield Misdeed("key_reset", step.id, "state", "uses a reset that was withdrawn.")
        if isinstance(step.after, RecoverySheet):
            yield from self._judge_sheet_end(step, header)

    def _judge_new(self, step: _Step, header: Header) -> Iterator[Misdeed]:
        after = step.after
        if isinstance(after, Person | PersonRole) and not self._is_administrator(header):
            yield self._no_administrator(step, header)
        elif isinstance(after, PersonRole) and after.granted_by != header.by:
            yield Misdeed("person_role", step.id, "granted_by", f"grants a role in the name of {after.granted_by}.")
        elif isinstance(after, PersonRole) and header.seq and after.valid_from < header.at:
            yield Misdeed("person_role", step.id, "valid_from", f"grants a role back to {after.valid_from}.")
        elif isinstance(after, Person) and self._is_named_like_another(after):
            yield Misdeed("person", step.id, "name", f"enrols a second {after.name}.")
        elif isinstance(after, PersonKey):
            yield from self._judge_new_key(after)
        elif isinstance(after, RecoverySheet):
            mine = after.person == header.by and after.state == "in_force"
            if not mine or not (self._is_administrator(header) or self._recovers(header)):
                yield Misdeed("recovery_sheet", step.id, "person", f"is a sheet {header.by} may not print.")
        elif isinstance(after, Declaration) and (after.person, after.key) != (header.by, header.key):
            yield Misdeed("declaration", step.id, "person", "declares in somebody else's name or with another key.")

    def _is_named_like_another(self, person: Person) -> bool:
        others = (each for each in self._tables["person"].values() if each.id != person.id)
        return any(fold(each.name) == fold(person.name) for each in others)

    def _judge_new_key(self, key: PersonKey) -> Iterator[Misdeed]:
        enrolled = any(
            step.record == "person" and step.id == key.person and step.before is None for step in self._steps
        )
        others = [
            step
            for step in self._steps
            if isinstance(step.after, PersonKey) and step.before is None and step.after.person == key.person
        ]
        if enrolled and len(others) == 1:
            return
        if any(
            isinstance(step.after, KeyReset)
            and (step.after.state, step.after.person, step.after.new_key) == ("given", key.person, key.id)
            for step in self._steps
        ):
            return
        if key.person not in self._tables["person"]:
            text = "is a key of nobody who was enrolled."
        else:
            text = f"is one more key for {key.person}, which takes a reset by two persons."
        yield Misdeed("person_key", key.id, "person", text)

    def _judge_revocation(self, step: _Step, header: Header) -> Iterator[Misdeed]:
        if step.before.revoked_from and step.before.revoked_from != step.after.revoked_from:
            yield Misdeed("person_key", step.id, "revoked_from", "moves or lifts a revocation.")
        by_reset = any(
            isinstance(each.after, KeyReset) and (each.after.state, each.after.person) == ("given", step.after.person)
            for each in self._steps
        )
        if not by_reset and not self._is_administrator(header):
            yield self._no_administrator(step, header)

    def _judge_sheet_end(self, step: _Step, header: Header) -> Iterator[Misdeed]:
        if step.before.state != "in_force":
            yield Misdeed("recovery_sheet", step.id, "state", "changes a sheet that had ended.")
        elif step.after.person != header.by and not self._is_administrator(header):
            yield self._no_administrator(step, header)

    def _reset_view(self, header: Header, verify: Verify) -> ResetThen:
        resets = [step.after for step in self._steps if isinstance(step.after, KeyReset)]
        return ResetThen(
            header=header,
            given=tuple(each for each in resets if each.state == "given"),
            asked=tuple(each for each in resets if each.state == "asked"),
            withdrawn=tuple(each for each in resets if each.state == "withdrawn"),
            asked_before=frozenset(
                step.id for step in self._steps if isinstance(step.after, KeyReset) and step.before is not None
            ),
            used_sheets=tuple(
                step.after
                for step in self._steps
                if isinstance(step.after, RecoverySheet)
                and step.before is not None
                and (step.before.state, step.after.state) == ("in_force", "used")
            ),
            keys=tuple(self._tables["person_key"].values()),
            new_keys=frozenset(
                step.id for step in self._steps if isinstance(step.after, PersonKey) and step.before is None
            ),
            active=frozenset(each.id for each in self._tables["person"].values() if each.state == "active"),
            administrator=self._is_administrator(header),
            verify=verify,
        )

    def _recovers(self, header: Header) -> bool:
        return any(
            isinstance(step.after, KeyReset) and step.after.sheet and step.after.person == header.by
            for step in self._steps
        )

    def _is_administrator(self, header: Header) -> bool:
        """By the roles held before this entry; the founder is one by founding."""
        return header.seq == 0 or any(_held(held, header.by, header.at) for held in self._administrators)

    def _no_administrator(self, step: _Step, header: Header) -> Misdeed:
        text = f"changes a {_words(step.record)}, and {header.by} was no administrator then."
        return Misdeed(step.record, step.id, "id", text)

    def _roles(self) -> tuple[PersonRole, ...]:
        return tuple(self._tables["person_role"].values())


def _held(held: PersonRole, person: str, at: str) -> bool:
    return held.person == person and held.valid_from <= at and (not held.valid_until or at < held.valid_until)


def _words(record: str) -> str:
    return record.replace("_", " ")
