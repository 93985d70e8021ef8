"""Proving the log, whole or from where it was proven last, and remembering outside the vault how far that was."""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from desktop.backups.backup_files import note_of
from desktop.machine import installation
from desktop.machine.build import build_id
from desktop.session.seen_before import rollback_findings
from desktop.store.store import Store
from desktop.store.verify_since import Since
from desktop.vault.ed25519 import verify_signature
from desktop.vault.unlocked import UnlockedKeys
from domain.errors import Damaged, UsageProblem
from domain.identity import iso, parse_iso
from domain.log.checkpoint import Checkpoint, origin_of, sign_note, signer_name
from domain.log.merkle import Frontier, root_hash
from domain.log.proven import BLOCK, FULL_PROOF_DAYS, Proven, proven_tree, root_over
from domain.log.verdict import Finding, LogVerdict
from domain.messages import message
from domain.services import Progress

UNLOCK_BUDGET = 1.0
"""Seconds that opening a vault may spend on entries that nobody has checked on this computer yet."""

UNLOCK_BYTES = 32 * 1024**2
"""Stored files that are checked while opening: a third of a second. For more a person is told, and asked for time."""
FILES_UNCHECKED = message(
    "The evidence files of this vault were never checked on this computer: whether their bytes are those on record is "
    "not known here. Check them: countersign log verify."
)


class Prover:
    """Verifies one open vault and keeps the proof's extent in this installation's memory."""

    def __init__(self, *, store: Store, keys: UnlockedKeys) -> None:
        self._store = store
        self._keys = keys

    def whole(self, *, at: datetime, progress: Progress | None = None) -> LogVerdict:
        """Every entry, signature, row and file; an intact log is remembered as proven.

        Raises:
            Damaged: too damaged to be read at all. Cancelled: `progress` asked to stop; nothing is remembered.
        """
        tree = self._store.tree()
        verdict = self._store.verify(verify_signature, root_key=self._keys.root_public, progress=progress)
        if verdict.intact and verdict.root == tree.root().hex():
            self._remember(tree, whole_at=iso(at))
            installation.remember_files_checked(self._keys.vault_id, iso(at))
        return verdict

    def files_checked(self) -> bool:
        """Whether this computer has ever held the vault's stored files against their hashes, or there are none."""
        return bool(installation.files_checked_at(self._keys.vault_id)) or not self._store.stored_bytes()

    def files(self, *, at: datetime, progress: Progress | None = None) -> LogVerdict:
        """Every stored file against its hash; that all of them hold is remembered.

        Raises:
            Damaged: too damaged to be read at all. Cancelled: `progress` asked to stop; nothing is remembered.
        """
        verdict = self._store.check_files(progress=progress)
        if verdict.intact:
            installation.remember_files_checked(self._keys.vault_id, iso(at))
        return verdict

    def unchecked_files(self) -> tuple[str, ...]:
        """What opening says where this computer never looked at the stored files."""
        try:
            return () if self.files_checked() else (FILES_UNCHECKED,)
        except Damaged:
            return (FILES_UNCHECKED,)

    def files_at_unlock(self, *, at: datetime) -> tuple[Finding, ...]:
        """At the first unlocking of a vault on this computer its stored files are checked too, if they are few.

        What does not hold comes back.
        """
        try:
            if self.files_checked() or self._store.stored_bytes() > UNLOCK_BYTES:
                return ()
            return self.files(at=at).findings
        except Damaged as problem:
            text = message("The stored files cannot be read: {what}", what=problem.what)
            return (Finding(kind="page", text=text, table="file_chunk"),)

    def since(self, first: int | None, *, progress: Progress | None = None) -> LogVerdict:
        """Entries from `first` on in full (None: from where this computer has proven them), older ones by hash.

        Raises:
            UsageProblem: nothing was proven here yet, or not as far as `first`.
        """
        tree = self._proven_tree()
        if tree is None:
            raise UsageProblem(
                message("Nothing of this log was proven on this computer yet."),
                remedy=message("Verify the whole log once: log verify."),
            )
        start = tree.size if first is None else first
        found = self._from(tree, since=start, rehash=True, progress=progress)
        if found.verdict.intact and found.tree.size >= tree.size:
            self._remember(found.tree)
        return found.verdict

    def at_unlock(
        self, *, rolled_back: bool = False, remember: bool = True, budget: float = UNLOCK_BUDGET
    ) -> tuple[Finding, ...]:
        """Check what is new since this computer looked last, as far as the time allows; findings come back.

        In a log that went back, or that is shorter than what was proven, the memory proves nothing: it starts anew.
        """
        try:
            head = self._store.tree()
        except Damaged as problem:
            return (
                Finding(
                    kind="page",
                    text=message("The log's head cannot be read: {what}", what=problem.what),
                    table="log_head",
                ),
            )
        known = self._proven_tree() or Frontier()
        if rolled_back or head.size < known.size:
            known = Frontier()
        if (head.size, head.root()) == (known.size, known.root()):
            return ()
        deadline = time.monotonic() + budget
        try:
            found = self._from(known, since=known.size, rehash=False, enough=lambda: time.monotonic() > deadline)
        except Damaged as problem:
            return (
                Finding(
                    kind="page", text=message("The log cannot be read: {what}", what=problem.what), table=problem.where
                ),
            )
        if found.verdict.intact and remember:
            self._remember(found.tree)
        return found.verdict.findings

    def rollback(self, checkpoint: Checkpoint) -> tuple[Finding, ...]:
        """Whether today's log extends the last one this installation saw; see `desktop.session.seen_before`."""
        leaves = self._store.register.leaves_between
        return rollback_findings(self._keys.vault_id, checkpoint, leaves, self._proven_tree())

    def remember_head(self) -> None:
        """Keep the vault's newest checkpoint outside it (signed by the log key only: no person is speaking).

        A log that does not extend the remembered one leaves the memory as it is: the warning must stay.
        """
        checkpoint = self._store.checkpoint()
        if not self.rollback(checkpoint):
            installation.remember_checkpoint(self._keys.vault_id, note_of(checkpoint, self._keys))

    def notices(self, *, at: datetime, created: str) -> tuple[str, ...]:
        """A whole verification is asked for when the last one here is too long ago."""
        memory = self._memory()
        last = (memory.whole_at or memory.known_from) if memory else created
        if at - parse_iso(last) < timedelta(days=FULL_PROOF_DAYS):
            return ()
        proven = bool(memory and memory.whole_at)
        when = (
            message("was last verified as a whole on {last}", last=last[:10])
            if proven
            else message("was never verified as a whole")
        )
        return (message("On this computer the log {when}. Do it now: countersign log verify.", when=when),)

    def proven_entries(self) -> int:
        """How many entries this installation has proven."""
        tree = self._proven_tree()
        return tree.size if tree else 0

    def whole_at(self) -> str:
        """When the whole log was last proven here, or ""."""
        memory = self._memory()
        return memory.whole_at if memory else ""

    def _from(self, tree: Frontier, **how: object) -> Since:
        return self._store.verify_since(
            verify_signature, root_key=self._keys.root_public, proven=tree, blocks=self._blocks(), **how
        )

    def _file(self) -> Path:
        return installation.own_folder("checkpoints") / f"{uuid.UUID(self._keys.vault_id)}.proven"

    def _memory(self) -> Proven | None:
        try:
            return msgspec.json.decode(self._file().read_bytes(), type=Proven)
        except (OSError, msgspec.DecodeError):
            return None  # nothing that could be relied on: the log is then proven from its first entry on

    def _proven_tree(self) -> Frontier | None:
        memory = self._memory()
        if memory is None:
            return None
        return proven_tree(memory, log_key=self._keys.log_public, verify=verify_signature, build=build_id())

    def _blocks(self) -> tuple[bytes, ...]:
        """The roots over whole blocks of what was proven here."""
        memory = self._memory() if self._proven_tree() is not None else None
        return tuple(map(bytes.fromhex, memory.blocks)) if memory else ()

    def _grown(self, tree: Frontier) -> tuple[bytes, ...]:
        """The blocks of this tree, those that were remembered before among them; none where they do not fit it."""
        leaves, blocks = self._store.register.leaves_between, list(self._blocks())[: tree.size // BLOCK]
        while (len(blocks) + 1) * BLOCK <= tree.size:
            first = len(blocks) * BLOCK
            blocks.append(root_hash(list(leaves(first, first + BLOCK))))
        rest = list(leaves(len(blocks) * BLOCK, tree.size))
        return tuple(blocks) if root_over(blocks, rest) == tree.root() else ()

    def _remember(self, tree: Frontier, *, whole_at: str = "") -> None:
        memory = self._memory()
        checkpoint = Checkpoint(origin=origin_of(self._keys.vault_id), size=tree.size, root=tree.root())
        name = signer_name(checkpoint.origin)
        note = sign_note(checkpoint, ((name, self._keys.log_public, self._keys.sign_checkpoint_as_vault),))
        proven = Proven(
            note=note,
            roots=tuple(root.hex() for root in tree.roots),
            blocks=tuple(block.hex() for block in self._grown(tree)),
            build=build_id(),
            whole_at=whole_at or (memory.whole_at if memory else ""),
            known_from=memory.known_from if memory else self._known_from(),
        )
        signed = proven.signed(self._keys.sign_checkpoint_as_vault)
        installation.keep_whole(self._file(), msgspec.json.encode(signed))

    def _known_from(self) -> str:
        return self._store.register.entry(0).header.at


def note_of_both(checkpoint: Checkpoint, keys: UnlockedKeys) -> str:
    """The checkpoint as a note signed by the vault's log key and by the person whose keys these are."""
    identity = keys.identity
    return sign_note(
        checkpoint,
        (
            (signer_name(checkpoint.origin), keys.log_public, keys.sign_checkpoint_as_vault),
            (signer_name(checkpoint.origin, identity.person), identity.public.ed25519, keys.sign_entry),
        ),
    )
