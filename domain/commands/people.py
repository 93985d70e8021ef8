"""Commands about who is here: found the vault, take people in, let them hold roles, end their work."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from domain.act import Act
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case, Command, VaultCommand
from domain.commands.people_records import (
    CertifiedKey,
    confirmed_roles,
    ended_roles,
    ended_sheets,
    person_records,
    revoked_keys,
    role_record,
    slots_change,
)
from domain.errors import UsageProblem
from domain.identity import iso
from domain.law.lookalikes import mixed_scripts
from domain.log.entry import FORMAT_VERSION
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.decode import decode_process, process_hash, process_text
from domain.process.definition import ProcessVersion
from domain.records.people import ADMINISTRATOR, Declaration, ProcessRecord, ProcessVersionRecord, Vault
from domain.rules.facts import VaultFacts
from domain.rules.people_rules import (
    confirm_person_obstacles,
    confirm_role_obstacles,
    declaration_text_obstacles,
    declare_obstacles,
    disable_obstacles,
    enrol_obstacles,
    grant_obstacles,
    id_obstacles,
    identity_obstacles,
    is_name,
    meaning_obstacles,
    revoke_obstacles,
    takes_two,
)
from domain.rules.verdict import GateVerdict

_PREFIX: Final = re.compile(r"[A-Z][A-Z0-9]{0,7}")


class CreateVault(Command, frozen=True, kw_only=True):
    """The first command of a vault: the vault `vault` (an id), its first administrator, and the processes in force from
    the start.

    The first administrator is whoever signs, under the name `first_admin`, and becomes administrator and nothing more
    unless `roles` says so. Keys and signatures are base64 text, `processes` are the shipped definitions as JSON text,
    `slots` is the SHA-256 of the key slot file. `prefix` begins every number that people see.
    """

    recorded_when_refused: ClassVar[bool] = False

    vault: str
    name: str
    first_admin: str
    prefix: str
    root_key: str
    log_key: str
    log_certificate: str
    slots: str
    key: CertifiedKey
    processes: tuple[str, ...]
    roles: tuple[str, ...] = ()

    def judge(self, case: Case) -> GateVerdict:
        """Nobody is here who could ask or be asked, so whatever is wrong is a usage problem.

        Raises:
            UsageProblem: the vault is created already, a name or the prefix is unusable, a process contradicts
                itself or is there twice, or a role is declared by none of them.
        """
        if case.state.log_size():
            raise UsageProblem(message("people.this_vault_is_created"), remedy=message("people.unlock_it"))
        for word in (self.name, self.first_admin):
            if not is_name(word):
                raise UsageProblem(
                    message("people.is_not_a_name", word=word), remedy=message("people.use_visible_characters")
                )
        if mixed_scripts(self.first_admin):
            raise UsageProblem(
                message(
                    "people.mixes_scripts", name=self.first_admin, scripts=", ".join(mixed_scripts(self.first_admin))
                ),
                remedy=message("people.write_it_in_one"),
            )
        if not _PREFIX.fullmatch(self.prefix):
            raise UsageProblem(
                message("people.is_not_a_prefix", prefix=self.prefix), remedy=message("people.use_up_to_capitals")
            )
        versions = self._versions()
        if len({each.id for each in versions}) < len(versions):
            raise UsageProblem(message("people.a_process_is_given"), remedy=message("people.give_one_version_of"))
        declared = {role.id for version in versions for role in version.roles} | {ADMINISTRATOR}
        unknown = sorted(set(self.roles) - declared)
        if unknown:
            raise UsageProblem(
                message("people.no_process_here_knows", unknown=", ".join(unknown)),
                remedy=message("people.use", sorted=", ".join(sorted(declared))),
            )
        return GateVerdict()

    def decide(self, case: Case) -> Act:
        at = iso(case.by.at)
        record = Vault(
            id=self.vault,
            name=self.name,
            created=at,
            format=FORMAT_VERSION,
            prefix=self.prefix,
            root_key=self.root_key,
            log_key=self.log_key,
            log_certificate=self.log_certificate,
            slots=self.slots,
        )
        first_admin, roles = case.by.person, (ADMINISTRATOR, *self.roles)
        return self.act(
            new_record("vault", record),
            *person_records(case, person=first_admin, name=self.first_admin, roles=roles, key=self.key),
            *(
                new_record("process", ProcessRecord(id=version.id, title=version.title))
                if first
                else new_record("process_version", _in_force(version, at))
                for version in self._versions()
                for first in (True, False)
            ),
            role=ADMINISTRATOR,
            subject=self.vault,
        )

    def _versions(self) -> list[ProcessVersion]:
        return [decode_process(text) for text in self.processes]


def _in_force(version: ProcessVersion, at: str) -> ProcessVersionRecord:
    return ProcessVersionRecord(
        id=f"{version.id}@{version.version}",
        process=version.id,
        version=version.version,
        state="in_force",
        definition=process_text(version),
        sha256=process_hash(version),
        in_force_from=at,
    )


class EnrolPerson(VaultCommand, frozen=True, kw_only=True):
    """Enrol `person` (a new id, which the certificate names) under a name that nobody here had before and that looks
    like nobody's. `identity_checked` says how the administrator made sure who it is (21 CFR 11.100(b)).

    Where there is another administrator the enrolment is proposed: it takes effect when that one confirms it.
    `slots` is the SHA-256 of the key slot file that now has the person's slot ("" leaves the recorded one).
    """

    person: str
    name: str
    identity_checked: str
    roles: tuple[str, ...]
    key: CertifiedKey
    slots: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, a name taken, unprintable or like another, nobody looked who it is, a role nobody
        declared, an id or a key used before.
        """
        found = enrol_obstacles(facts, person=self.person, name=self.name, roles=self.roles, key=self.key.id)
        return (*found, *identity_obstacles(facts, self.identity_checked), *id_obstacles(facts, self.person))

    def decide(self, case: Case) -> Act:
        return self.act(
            *person_records(
                case,
                person=self.person,
                name=self.name,
                roles=self.roles,
                key=self.key,
                identity_checked=self.identity_checked,
                proposed=takes_two(self.gather(case), self.person),
            ),
            slots_change(case.state, self.slots),
            role=ADMINISTRATOR,
            subject=self.person,
        )


class ConfirmPerson(VaultCommand, frozen=True, kw_only=True):
    """Confirm, as the second administrator, that `person` (an id) is enrolled, with the roles proposed for them.
    `slots` is the SHA-256 of the key slot file, where one of the roles brings the root key with it.
    """

    person: str
    slots: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, nobody proposed this person, or the actor did while another one can confirm."""
        return confirm_person_obstacles(facts, person=self.person)

    def decide(self, case: Case) -> Act:
        person = next(each for each in case.state.people() if each.id == self.person)
        confirmed = record_changed(
            "person", person, state="active", confirmed_by=case.by.person, confirmed_at=iso(case.by.at)
        )
        roles, slots = confirmed_roles(case, self.person), slots_change(case.state, self.slots)
        return self.act(confirmed, *roles, slots, role=ADMINISTRATOR, subject=self.person)


class ConfirmRole(VaultCommand, frozen=True, kw_only=True):
    """Confirm, as the second administrator, that `person` (an id) holds `role` from now on. `slots` is the SHA-256 of
    the key slot file, where the role brings the root key with it.
    """

    person: str
    role: str
    slots: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, nobody proposed the role, or the actor did while another one can confirm."""
        return confirm_role_obstacles(facts, person=self.person, role=self.role)

    def decide(self, case: Case) -> Act:
        roles, slots = confirmed_roles(case, self.person, self.role), slots_change(case.state, self.slots)
        return self.act(*roles, slots, role=ADMINISTRATOR, subject=self.person)


class GrantRole(VaultCommand, frozen=True, kw_only=True):
    """Let `person` (an id) hold `role` from now on. `slots` is the SHA-256 of the key slot file, where the role brings
    the root key with it.

    Where there is an administrator besides the actor and the person, the role is proposed: it is held when that one
    confirms it. Nobody gives themselves a role where another administrator is.
    """

    person: str
    role: str
    reason: str = ""
    slots: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, no such role or active person, the role is held or proposed, or it is one's own."""
        return grant_obstacles(facts, person=self.person, role=self.role)

    def decide(self, case: Case) -> Act:
        proposed = takes_two(self.gather(case), self.person)
        granted = role_record(case, self.person, self.role, proposed=proposed)
        return self.act(granted, slots_change(case.state, self.slots), role=ADMINISTRATOR, subject=self.person)


class RevokeRole(VaultCommand, frozen=True, kw_only=True):
    """End every grant of `role` that `person` (an id) holds now or that is proposed for them; what was signed under it
    stays valid. `slots` is the SHA-256 of the key slot file, where the role took the root key with it.
    """

    person: str
    role: str
    reason: str = ""
    slots: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, the role is not held, or it is the last administrator's."""
        return revoke_obstacles(facts, person=self.person, role=self.role)

    def decide(self, case: Case) -> Act:
        ended = ended_roles(case, self.person, self.role)
        return self.act(*ended, slots_change(case.state, self.slots), role=ADMINISTRATOR, subject=self.person)


class DisablePerson(VaultCommand, frozen=True, kw_only=True):
    """End the work of `person` (an id): no way in, no roles, no signature from now on. Name and id stay theirs for
    ever; what they signed stays valid. Their recovery sheet ends too.

    `slots` is the SHA-256 of the key slot file that no longer has the person's slot.
    """

    person: str
    reason: str
    slots: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, the actor's own account, the last administrator, or no reason."""
        return disable_obstacles(facts, person=self.person, reason=self.reason)

    def decide(self, case: Case) -> Act:
        person = next(each for each in case.state.people() if each.id == self.person)
        return self.act(
            record_changed("person", person, state="disabled"),
            *revoked_keys(case, self.person),
            *ended_roles(case, self.person),
            *ended_sheets(case, self.person),
            slots_change(case.state, self.slots),
            role=ADMINISTRATOR,
            subject=self.person,
        )


class SignDeclaration(VaultCommand, frozen=True, kw_only=True):
    """Declare, once and before the first signature, that signatures made here bind like handwriting (21 CFR 11.10(j),
    11.100). `text` is what was shown; `meaning` is what the signature under it says.
    """

    signing: ClassVar[bool] = True
    declares: ClassVar[bool] = True

    text: str
    meaning: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Given already, or not a text that the law knows."""
        return (
            *declare_obstacles(facts),
            *declaration_text_obstacles(facts, self.text),
            *meaning_obstacles(facts, self.meaning),
        )

    def decide(self, case: Case) -> Act:
        by, certified = case.by, case.state.keys()
        key = next((key.id for key in certified if key.person == by.person and not key.revoked_from), "")
        if not key:
            raise UsageProblem(message("people.nobody_can_declare_without"), where=by.name)
        given = Declaration(id=case.new_id(), person=by.person, key=key, text=self.text, signed_at=iso(by.at))
        return self.act(new_record("declaration", given), subject=by.person, meaning=self.meaning)
