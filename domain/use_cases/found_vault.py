"""The first act of a vault: the vault, its founder and the processes in force from the start."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.identity import iso
from domain.items.people import ADMINISTRATOR, Vault
from domain.log.entry import FORMAT_VERSION
from domain.process.decode import decode_process
from domain.state import State
from domain.use_cases.enrol_person import person_records
from domain.use_cases.publish_process import process_records
from domain.use_cases.ruling import new_record

_PREFIX: Final = re.compile(r"[A-Z][A-Z0-9]{0,7}")


def found_vault(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    vault: str,
    name: str,
    prefix: str,
    root_key: str,
    log_key: str,
    log_certificate: str,
    slots: str,
    key: Mapping[str, str],
    processes: Sequence[str],
    roles: Sequence[str] = (),
) -> Act:
    """Found the vault `vault` (an id); `by` is the founder, who becomes administrator and nothing more unless
    `roles` says so. Keys and signatures are base64 text made by the caller, `key` as in `enrol_person`,
    `processes` are the shipped definitions as JSON text. `prefix` begins every human number.

    Raises:
        UsageProblem: the vault is founded already, a name or the prefix is unusable, a process contradicts
            itself, or a role is declared by none of them.
    """
    if register.log_size():
        raise UsageProblem("This vault is founded already.", cure="Unlock it.")
    for word in (name, by.name):
        if not word.strip() or word != word.strip() or not word.isprintable():
            raise UsageProblem(f"{word!r} is not a name that can be shown and printed.", cure="Use visible characters.")
    if not _PREFIX.fullmatch(prefix):
        raise UsageProblem(f"{prefix!r} is not a prefix for numbers.", cure="Use up to 8 capitals and digits.")
    versions = [decode_process(text) for text in processes]
    declared = {role.id for version in versions for role in version.roles} | {ADMINISTRATOR}
    unknown = sorted(set(roles) - declared)
    if unknown:
        raise UsageProblem(
            f"No process here knows the role {', '.join(unknown)}.", cure=f"Use: {', '.join(sorted(declared))}."
        )
    at = iso(by.at)
    record = Vault(
        id=vault,
        name=name,
        created=at,
        format=FORMAT_VERSION,
        prefix=prefix,
        root_key=root_key,
        log_key=log_key,
        log_certificate=log_certificate,
        slots=slots,
    )
    return Act(
        name="found_vault",
        changes=(
            new_record("vault", record),
            *person_records(
                person=by.person,
                name=by.name,
                roles=(ADMINISTRATOR, *roles),
                key=key,
                at=at,
                by=by.person,
                new_id=new_id,
            ),
            *(change for version in versions for change in process_records(version, at=at)),
        ),
        role=ADMINISTRATOR,
        subject=vault,
    )
