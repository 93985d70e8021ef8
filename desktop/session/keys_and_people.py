"""What the people service needs about keys that are not there yet, and about unlocks that failed."""

from __future__ import annotations

import msgspec

from desktop.machine.failed_unlocks import mark_reported, unreported_failed_unlocks
from desktop.session.session import KeySession
from desktop.vault.key_ring import KeyRing
from desktop.vault.person_keys import Enrolment
from domain.commands.keys import RecordFailedUnlocks
from domain.commands.people_records import CertifiedKey
from domain.errors import CountersignError, Damaged, Unavailable
from domain.messages import message

NO_KEY = CertifiedKey(id="0" * 32, ed25519="", p256="", x25519="", statement="", certificate="", possession="")
"""Stands for a key that is not made yet, when a command is only asked about."""
NOT_YET = "not-made-yet"
"""Stands for an id that is not made yet."""


def no_person(name: str, *, disabled: bool = False, proposed: bool = False) -> CountersignError:
    """That a key slot belongs to nobody who may work here, or not yet."""
    if proposed:
        return Unavailable(
            message("You are enrolled here, and another administrator has not confirmed it yet."),
            where=name,
            remedy=message("Ask another administrator of this vault to confirm it."),
        )
    return Damaged(
        message("Your key slot is here but you were disabled in this vault.")
        if disabled
        else message("Your key slot is here but your person is not in the log."),
        where=name,
        remedy=message("An administrator enrols you again under another name."),
    )


def report_failed_unlocks(vault: KeySession, keys: KeyRing) -> None:
    """Record the wrong passphrases that this installation counted since the last unlock, and name who is locked out."""
    failed_unlock_reports = unreported_failed_unlocks(keys.vault_id, vault.register.people())
    if not failed_unlock_reports:
        return
    vault.perform(RecordFailedUnlocks(failed_unlock_reports=failed_unlock_reports))
    mark_reported(keys.vault_id)
    failed_unlocks = sum(failed_unlock_report.count for failed_unlock_report in failed_unlock_reports)
    day, _, hour = max(failed_unlock_report.last_at for failed_unlock_report in failed_unlock_reports).partition("T")
    tried = (
        message("A wrong passphrase was")
        if failed_unlocks == 1
        else message("{failed_unlocks} wrong passphrases were", failed_unlocks=failed_unlocks)
    )
    vault.notice(
        message(
            "{tried} tried here, last on {day} at {hour} UTC. This is on record now.",
            tried=tried,
            day=day,
            hour=hour[:5],
        )
    )
    locked = {
        failed_unlock_report.person
        for failed_unlock_report in failed_unlock_reports
        if failed_unlock_report.kind == "locked_out" and failed_unlock_report.person
    }
    names = sorted(each.name for each in vault.register.people() if each.id in locked)
    if names:
        vault.notice(message("Locked out by them until a new key is given: {list}.", list=", ".join(names)))


def certified_key(enrolment: Enrolment) -> CertifiedKey:
    """A freshly made key as commands take it."""
    values = msgspec.to_builtins(enrolment.person_key(valid_from=""))
    return msgspec.convert({name: values[name] for name in CertifiedKey.__struct_fields__}, CertifiedKey)
