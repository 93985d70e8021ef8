"""Walking the entries: chain, leaf hashes, shown columns, signatures, and the proofs that new keys bring."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from desktop.store.findings import Findings
from desktop.store.fold import Fold
from domain.log.canonical import CanonicalError
from domain.log.clock import hides_a_jump, high_water, went_back
from domain.log.entry import (
    FORMAT_VERSION,
    NO_PREVIOUS,
    SCHEMA_VERSION,
    Header,
    decode_header,
    leaf_data,
    signing_input,
)
from domain.log.merkle import Frontier, leaf_hash
from domain.log.verdict import MOST_BEHIND, BehindEntry
from domain.messages import message
from domain.replay.key_claims import claim_problem
from domain.services import Progress

VerifySignature = Callable[[bytes, bytes, bytes], bool]
"""verify(public key, signature, message)"""

FIRST_SCHEMA = 1
"""Of the record vocabulary: the first there ever was."""
_EVERY = 256
_Row = tuple[int, str, str, str, str, int, bytes, bytes, bytes]
_TYPES = (int, str, str, str, str, int, bytes, bytes, bytes)
_COLUMNS = message('seq, at, "by", act, subject, first_change, header, signature, leaf')


class LogReplay:
    """One pass over the entries. `tree`, `previous` and `latest` say where it begins.

    `behind` are entries that went back in time.
    """

    def __init__(
        self,
        fold: Fold,
        findings: Findings,
        *,
        vault: str,
        root_key: bytes,
        verify_signature: VerifySignature,
        tree: Frontier | None = None,
        previous: str = NO_PREVIOUS,
        latest: str = "",
    ) -> None:
        self._fold = fold
        self._findings = findings
        self._vault = vault
        self._root_key = root_key
        self._verify = verify_signature
        self.tree = tree or Frontier()
        self._previous = previous
        self._latest = latest
        self._schema = FIRST_SCHEMA
        self.behind: list[BehindEntry] = []
        self.behind_count = 0

    def entries(
        self,
        connection: Connection,
        *,
        progress: Progress | None = None,
        enough: Callable[[], bool] = lambda: False,
    ) -> Frontier:
        """Check every entry from where the trial stands; stops early, between two entries, when `enough` says so."""
        cursor = connection.connection.cursor()
        try:
            start = self.tree.size
            of = int(cursor.execute("SELECT count(*) FROM entry WHERE seq >= ?", (start,)).fetchone()[0]) + start
            for row in cursor.execute(f"SELECT {_COLUMNS} FROM entry WHERE seq >= ? ORDER BY seq", (start,)):
                self._entry(row)
                seq = row[0]
                if progress is not None and (seq % _EVERY == 0 or seq == of - 1):
                    progress(message("verify entries"), seq + 1, of)
                if seq % _EVERY == 0 and enough():
                    break
            if not start:
                for (seq,) in cursor.execute("SELECT seq FROM entry WHERE seq < 0 LIMIT 5").fetchall():
                    text = message("Entry {seq} stands before the first.", seq=seq)
                    self._findings.note("order", text, table="entry", row=str(seq), field="seq")
        finally:
            cursor.close()
        return self.tree

    def _entry(self, row: _Row) -> None:
        if tuple(map(type, row)) != _TYPES:
            row = self._readable(row)
        seq, first_change, header_data, signature, leaf_shown = row[0], row[5], row[6], row[7], row[8]
        if seq != self.tree.size:
            text = message("Entry {size} is missing; {seq} follows.", size=self.tree.size, seq=seq)
            self._findings.note("order", text, table="entry", row=str(self.tree.size))
        try:
            header = decode_header(header_data)
        except CanonicalError as problem:
            self._note("entry", seq, "header", str(problem))
            header = None
        leaf = leaf_hash(leaf_data(header_data, signature))
        if leaf != leaf_shown:
            self._note("hash", seq, "leaf", message("does not have its leaf hash."))
        self.tree.append(leaf)
        if header is None:
            self._fold.lose_place()
        else:
            self._check_header(header, row)
            self._fold.begin_entry(header, first_change)
            self._fold.entry_changes(header)
            self._check_keys(header)
            self._check_signature(header, header_data, signature)
        self._previous = leaf.hex()

    def _readable(self, row: _Row) -> _Row:
        """Bytes of another table, put where entries are, show values that no entry can have: they count as empty."""
        for field, value, kind in zip(_COLUMNS.replace('"', "").split(", "), row, _TYPES, strict=True):
            if type(value) is not kind:
                self._note("entry", row[0], field, message("{field} holds what no entry can hold.", field=field))
        whole: Any = tuple(value if type(value) is kind else kind() for value, kind in zip(row, _TYPES, strict=True))
        readable: _Row = whole
        return readable

    def _note(self, kind: str, seq: int, field: str, text: str) -> None:
        self._findings.note(
            kind,
            message("Entry {seq}: {text}", seq=seq, text=text),
            table="entry",
            row=str(seq),
            field=field,
            entry=seq,
        )

    def _check_header(self, header: Header, row: _Row) -> None:
        seq = row[0]
        if header.v != FORMAT_VERSION or header.schema > SCHEMA_VERSION:
            self._note(
                "entry", seq, "header", message("format {v}.{schema} is not known.", v=header.v, schema=header.schema)
            )
        if header.schema < self._schema:
            self._note(
                "entry",
                seq,
                "schema",
                message("goes back to format {schema} from {schema_2}.", schema=header.schema, schema_2=self._schema),
            )
        self._schema = max(self._schema, header.schema)
        if header.vault != self._vault:
            self._note("entry", seq, "header", message("belongs to vault {vault}.", vault=header.vault))
        if header.seq != seq:
            self._note("entry", seq, "seq", message("is signed as entry {seq}.", seq=header.seq))
        if hides_a_jump(at=header.at, behind=header.behind, act=header.act, latest=self._latest):
            self._note(
                "clock",
                seq,
                "at",
                message("goes back to {at} from {latest} without saying so.", at=header.at, latest=self._latest),
            )
        if went_back(at=header.at, latest=self._latest):
            self.behind_count += 1
            if len(self.behind) < MOST_BEHIND:
                self.behind.append(BehindEntry(entry=seq, at=header.at, latest=self._latest))
        self._latest = high_water(header.at, header.behind)
        if header.prev != self._previous:
            self._note("entry", seq, "header", message("does not follow the entry before it."))
        if row[1:5] == (header.at, header.by, header.act, header.subject):
            return
        for field, shown in zip(("at", "by", "act", "subject"), row[1:5], strict=True):
            signed = getattr(header, field)
            if shown != signed:
                self._note(
                    "entry",
                    seq,
                    field,
                    message(
                        "{field} is shown as {shown!r}, signed as {signed!r}.", field=field, shown=shown, signed=signed
                    ),
                )

    def _check_signature(self, header: Header, header_data: bytes, signature: bytes) -> None:
        """The entry is signed with a key that its person had then; one that it brings itself counts (a new key)."""
        seq, key = header.seq, self._fold.judge.state.key(header.key)
        if key is None:
            self._note(
                "signature",
                seq,
                "signature",
                message("is signed with key {key}, which nobody was given.", key=header.key),
            )
            return
        if key.person != header.by:
            text = message("is signed with a key of person {person}, not of {by}.", person=key.person, by=header.by)
            self._note("signature", seq, "signature", text)
        if key.revoked_from and header.at >= key.revoked_from:
            self._note(
                "signature",
                seq,
                "signature",
                message("is signed with a key revoked from {revoked_from}.", revoked_from=key.revoked_from),
            )
        if not self._verify(_public(key.ed25519), signature, signing_input(header_data)):
            self._note("signature", seq, "signature", message("the signature does not fit the bytes."))

    def _check_keys(self, header: Header) -> None:
        """What the entry claims of new keys is proven by their certificates and by a recovery sheet's signature."""
        for claim in self._fold.judge.claims:
            problem = claim_problem(claim, header=header, root_key=self._root_key, verify=self._verify)
            if problem is not None:
                self._findings.note(
                    "certificate",
                    message("Entry {seq}: {problem}.", seq=header.seq, problem=problem.text),
                    table=problem.record,
                    row=problem.id,
                    field=problem.rule,
                    entry=header.seq,
                )


@lru_cache(maxsize=256)
def _public(text: str) -> bytes:
    try:
        return b64decode(text)
    except ValueError:
        return b""  # the certificate check names the key; no signature fits an empty one
