"""What the banner of the audit log says: the state of the proof, a verdict, a comparison."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.identity import parse_iso
from domain.log.anchors import AnchorVerdict
from domain.log.proven import FULL_PROOF_DAYS
from domain.log.verdict import Finding, LogVerdict
from domain.messages import message, plural_message
from domain.services import LogState
from ui.words import Sentence, count_text, local_text, moment_text

MOST_FINDINGS = 8


def state_sentence(state: LogState, *, entries: int, at: datetime) -> Sentence:
    """How far the log is proven on this computer, before anybody asks for more."""
    if not state.whole_at:
        return Sentence(
            title=message("This log was never verified as a whole on this computer."),
            text=message("Verify the whole log: every hash, signature and right, and the tables against it."),
            tone="waiting",
        )
    late = at - parse_iso(state.whole_at) > timedelta(days=FULL_PROOF_DAYS)
    newer = max(entries - state.proven, 0)
    return Sentence(
        title=message("Verified as a whole on {moment}", moment=moment_text(state.whole_at)),
        text=message(
            "Entries proven here: {proven} of {entries}. Recorded since: {newer}.",
            proven=count_text(min(state.proven, entries)),
            entries=count_text(entries),
            newer=count_text(newer),
        ),
        tone="waiting" if late else "proven",
    )


def verdict_sentence(verdict: LogVerdict, *, at: datetime) -> Sentence:
    """What a verification found: what holds, or each place that does not and what is still proven."""
    if verdict.intact:
        return Sentence(title=message("The log is intact"), text=_proven(verdict, at=at), tone="proven")
    lines = [_place(each) for each in verdict.findings[:MOST_FINDINGS]]
    more = len(verdict.findings) - len(lines)
    if more > 0:
        lines.append(plural_message("and {count} more", "and {count} more", more, count=count_text(more)))
    still = (
        message("Still proven: entries 0 to {last}.", last=count_text(verdict.proven - 1))
        if verdict.proven
        else message("No entry is proven.")
    )
    way_out = message("Nothing is recorded any more. Keep this copy as it is, and restore the newest good backup.")
    return Sentence(
        title=plural_message(
            "DAMAGED: {count} finding",
            "DAMAGED: {count} findings",
            len(verdict.findings),
            count=count_text(len(verdict.findings)),
        ),
        text=f"{still} {way_out}",
        tone="damaged",
        details=tuple(lines),
    )


def anchor_sentence(verdict: AnchorVerdict) -> Sentence:
    """Whether the log extends a checkpoint that was kept elsewhere."""
    then, now = count_text(verdict.anchor_size), count_text(verdict.size)
    sizes = (
        message("Entries at the checkpoint: {then}, today: {now}. This vault's log key signed it.", then=then, now=now)
        if verdict.signed
        else message(
            "Entries at the checkpoint: {then}, today: {now}. It came without a signature: only the printed text "
            "stands for it.",
            then=then,
            now=now,
        )
    )
    title = verdict.text if verdict.extends else message("NOT THE SAME LOG: {verdict}", verdict=verdict.text)
    return Sentence(title=title, text=sizes, tone="proven" if verdict.extends else "damaged")


def _place(found: Finding) -> str:
    where = " ".join(part for part in (found.table, found.row, found.field) if part)
    entry = message("entry {number}", number=count_text(found.entry)) if found.entry >= 0 else ""
    place = ", ".join(part for part in (where, entry) if part)
    return f"{found.text} [{place}]" if place else found.text


def _proven(verdict: LogVerdict, *, at: datetime) -> str:
    entries = plural_message("{count} entry", "{count} entries", verdict.entries, count=count_text(verdict.entries))
    if verdict.since:
        return message(
            "Proven: {entries}, in full from entry {since} on, older ones by hash. Checked {at}. Root {root}.",
            entries=entries,
            since=count_text(verdict.since),
            at=local_text(at),
            root=verdict.root[:16],
        )
    return message(
        "Proven: {entries}, {changes}, {rows}, {files}. Checked {at}. Root {root}.",
        entries=entries,
        changes=plural_message("{count} change", "{count} changes", verdict.changes, count=count_text(verdict.changes)),
        rows=plural_message("{count} row", "{count} rows", verdict.rows, count=count_text(verdict.rows)),
        files=plural_message("{count} file", "{count} files", verdict.files, count=count_text(verdict.files)),
        at=local_text(at),
        root=verdict.root[:16],
    )
