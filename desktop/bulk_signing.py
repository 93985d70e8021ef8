"""Many signatures in one ceremony: the passphrase is asked once, each act is judged, signed and recorded by itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from domain.errors import CountersignError, UsageProblem
from domain.ports import BulkCall, BulkFailure, BulkSignature, BulkSigned, Progress

if TYPE_CHECKING:
    from desktop.open_vault import UnlockedVault
    from desktop.people_keys import PeopleKeys


class BulkSigning:
    """What an open vault does many times over with one proof of presence."""

    def perform_all(
        self, calls: Sequence[BulkCall], *, passphrase: str, progress: Progress | None = None
    ) -> BulkSigned:
        """Perform each call as an entry of its own; see `domain.ports.OpenVault.perform_all`.

        Raises:
            WrongPassphrase: nothing was signed.
        """
        vault = cast("UnlockedVault", self)  # the only class that is one
        signed: list[BulkSignature] = []
        failed: list[BulkFailure] = []
        vault.must_be_writable("perform_all")
        with _one_ceremony(vault.people_keys, passphrase):
            for number, call in enumerate(calls):
                try:
                    entry = vault.perform(call.use_case, passphrase=passphrase, **_arguments(call))
                except CountersignError as problem:  # listed for the person; what was signed before stays signed
                    failed.append(BulkFailure(number=number, call=call, problem=problem))
                else:
                    signed.append(BulkSignature(number=number, call=call, entry=entry))
                if progress is not None:
                    progress("sign", number + 1, len(calls))
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


def _arguments(call: BulkCall) -> dict[str, Any]:
    """The call's arguments, told that it is one of many: only use cases that judge that may be called so."""
    if "bulk" not in inspect.signature(call.use_case).parameters:
        name = call.use_case.__name__.replace("_", " ")
        raise UsageProblem(f"'{name}' is not signed together with others.", cure="Sign it by itself.")
    return {**call.arguments, "bulk": True}
