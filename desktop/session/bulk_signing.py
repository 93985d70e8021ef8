"""Many signatures with one proof of presence: each command is judged, signed and recorded by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from desktop.session.people_service import PeopleService
from desktop.session.session import KeySession
from domain.commands.command import Command
from domain.errors import CountersignError, UsageProblem
from domain.messages import message
from domain.services import Progress
from domain.session import BulkFailure, BulkSignature, BulkSigned


def sign_all(
    session: KeySession,
    keys: PeopleService,
    commands: Sequence[Command],
    *,
    passphrase: str,
    progress: Progress | None = None,
) -> BulkSigned:
    """Perform each command as an entry of its own; see `domain.ports.Session.perform_all`.

    Raises:
        WrongPassphrase: nothing was signed.
    """
    signed: list[BulkSignature] = []
    failed: list[BulkFailure] = []
    session.must_be_writable("perform_all")
    with _one_proof_of_presence(keys, passphrase):
        for number, command in enumerate(commands):
            try:
                entry = session.perform(_as_one_of_many(command), passphrase=passphrase)
            except CountersignError as problem:  # listed for the person; what was signed before stays signed
                failed.append(BulkFailure(number=number, command=command, problem=problem))
            else:
                signed.append(BulkSignature(number=number, command=command, entry=entry))
            if progress is not None:
                progress("sign", number + 1, len(commands))
    return BulkSigned(signed=tuple(signed), failed=tuple(failed))


@contextmanager
def _one_proof_of_presence(keys: PeopleService, passphrase: str) -> Iterator[None]:
    """Presence is proven once and counts for everything that is signed until the end."""
    keys.reauthenticate(passphrase)
    keys.in_signing = True
    try:
        yield
    finally:
        keys.in_signing = False


def _as_one_of_many(command: Command) -> Command:
    """The command, shown that it is one of many: only commands that judge that may be given so."""
    if "bulk" not in command.__struct_fields__:
        name = command.word.replace("_", " ")
        raise UsageProblem(
            message("'{name}' is not signed together with others.", name=name), remedy=message("Sign it by itself.")
        )
    return msgspec.structs.replace(command, bulk=True)
