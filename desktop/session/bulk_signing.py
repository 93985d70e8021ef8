"""Many signatures in one ceremony: the passphrase is asked once, each act is judged, signed and recorded by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import msgspec

from domain.commands.command import Command
from domain.errors import CountersignError, UsageProblem
from domain.ports import BulkFailure, BulkSignature, BulkSigned, Progress

if TYPE_CHECKING:
    from desktop.session.open_vault import UnlockedVault
    from desktop.session.people_keys import PeopleKeys


class BulkSigning:
    """What an open vault does many times over with one proof of presence."""

    def perform_all(
        self, commands: Sequence[Command], *, passphrase: str, progress: Progress | None = None
    ) -> BulkSigned:
        """Perform each command as an entry of its own; see `domain.ports.OpenVault.perform_all`.

        Raises:
            WrongPassphrase: nothing was signed.
        """
        vault = cast("UnlockedVault", self)  # the only class that is one
        signed: list[BulkSignature] = []
        failed: list[BulkFailure] = []
        vault.must_be_writable("perform_all")
        with _one_ceremony(vault.people_keys, passphrase):
            for number, command in enumerate(commands):
                try:
                    entry = vault.perform(_as_one_of_many(command), passphrase=passphrase)
                except CountersignError as problem:  # listed for the person; what was signed before stays signed
                    failed.append(BulkFailure(number=number, command=command, problem=problem))
                else:
                    signed.append(BulkSignature(number=number, command=command, entry=entry))
                if progress is not None:
                    progress("sign", number + 1, len(commands))
        return BulkSigned(signed=tuple(signed), failed=tuple(failed))


@contextmanager
def _one_ceremony(keys: PeopleKeys, passphrase: str) -> Iterator[None]:
    """Presence is proven once and counts for everything that is signed until the end."""
    keys.reauthenticate(passphrase)
    keys.in_ceremony = True
    try:
        yield
    finally:
        keys.in_ceremony = False


def _as_one_of_many(command: Command) -> Command:
    """The command, told that it is one of many: only commands that judge that may be given so."""
    if "bulk" not in command.__struct_fields__:
        name = command.word.replace("_", " ")
        raise UsageProblem(f"'{name}' is not signed together with others.", cure="Sign it by itself.")
    return msgspec.structs.replace(command, bulk=True)
