"""Recovery sheets as drafts, and what happens when one is used."""

from __future__ import annotations

import secrets
from datetime import datetime

from desktop.machine.ids import id_maker
from desktop.pdf.recovery_sheet import print_recovery_sheet
from desktop.vault.key_ring import KeyRing
from desktop.vault.recovery_code import GROUPS, new_code
from domain.identity import iso
from domain.log.certificates import fingerprint
from domain.records.people import Vault
from domain.services import SheetDraft


def draft_sheet(keys: KeyRing, *, vault: Vault, at: datetime) -> SheetDraft:
    """A new code on paper for the person who is unlocked."""
    sheet, code = id_maker(at)(), new_code()
    pdf = print_recovery_sheet(
        vault_name=vault.name,
        vault=vault.id,
        person=keys.identity.name,
        sheet=sheet,
        code=code,
        made_at=iso(at),
        root_fingerprint=fingerprint(keys.root_public),
    )
    return SheetDraft(sheet=sheet, code=code, pdf=pdf, asked=secrets.randbelow(GROUPS) + 1)
