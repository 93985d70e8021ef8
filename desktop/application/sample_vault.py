"""The sample vault: invented people who do real work through the real use cases, on the sample tracker.

Everyone shares one passphrase, stretched with the least cost that is allowed: nothing here is secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Protocol

from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.passphrases import MINIMUM_COST
from domain.act import IncomingFile
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import Command
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.items import AssignItem, EditItem, HoldItem, MoveItem, ReopenItem
from domain.commands.requests import DecideRequest, RequestCancellation
from domain.errors import Refused
from domain.services import Progress
from domain.state import ItemFilter

SAMPLE_COST = MINIMUM_COST
ADMINISTRATOR, IMPORTER, QUALITY, OWNER, PROCESS_OWNER = (
    "Ada Admin",
    "Ivan Import",
    "Quinn Quality",
    "Otto Owner",
    "Priya Process",
)
PEOPLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (IMPORTER, ("quality",)),
    (QUALITY, ("quality",)),
    (OWNER, ("auditor",)),
    (PROCESS_OWNER, ("process_owner",)),
)
CLOSED, WAITING, PLANNED = 4, 3, 2
"""How many items are closed (one is reopened again), wait for a closing signature, wait at the plan."""


class VaultOpener(Protocol):
    """The two functions of the application that making a sample needs."""

    def create_vault(self, folder: Path, *, name: str, person: str, passphrase: str) -> UnlockedSession:
        """A new vault."""
        ...

    def unlock(self, folder: Path, *, person: str, passphrase: str) -> UnlockedSession:
        """An existing one."""
        ...


class _Sample:
    """One vault under construction; people come and go, each signing with their own key."""

    def __init__(self, opener: VaultOpener, folder: Path, passphrase: str, progress: Progress | None) -> None:
        self._opener = opener
        self._folder = folder
        self._passphrase = passphrase
        self._progress = progress
        self._done = 0

    @contextmanager
    def as_person(self, name: str) -> Iterator[Callable[..., None]]:
        """Work as this person: do(use_case, **arguments) signs where the act is a signing."""
        vault = self._opener.unlock(self._folder, person=name, passphrase=self._passphrase)
        self._reading = vault.register

        def do(command: Callable[..., Command], files: Sequence[IncomingFile] = (), **arguments: Any) -> None:
            vault.perform(command(**arguments), passphrase=self._passphrase, files=files)
            self._done += 1
            if self._progress is not None:
                self._progress("work in the sample", self._done, 0)

        try:
            yield do
        finally:
            vault.lock()

    def people(self) -> None:
        """Create the vault and enrol everyone."""
        vault = self._opener.create_vault(
            self._folder, name="Sample Site", person=ADMINISTRATOR, passphrase=self._passphrase
        )
        try:
            for name, roles in PEOPLE:
                vault.add_person(
                    name=name,
                    roles=roles,
                    identity_checked="Invented people of the sample",
                    passphrase=self._passphrase,
                )
        finally:
            vault.lock()

    def tracker(self) -> list[str]:
        """Import the sample tracker; the ids of items that can be worked on at once come back."""
        vault = self._opener.unlock(self._folder, person=IMPORTER, passphrase=self._passphrase)
        try:
            with as_file(files("resources") / "sample" / "sample_tracker.xlsx") as file:
                plan = vault.plan_import(file, process="capa", progress=self._progress)
                vault.run_import(plan, file, process="capa", progress=self._progress)
            lines = vault.register.page(ItemFilter(process="capa"), offset=0, limit=60)
            return [line.id for line in lines if line.title and line.raised]
        finally:
            vault.lock()

    def owner_id(self) -> str:
        """The person id of the one who owns the work."""
        vault = self._opener.unlock(self._folder, person=OWNER, passphrase=self._passphrase)
        try:
            return vault.person.id
        finally:
            vault.lock()

    def evidence_of(self, item: str) -> dict[str, str]:
        """Newest evidence id by requirement."""
        return {one.requirement: one.id for one in self._reading.item_file(item).evidence}

    def request_of(self, item: str) -> str:
        """The id of the newest request about an item."""
        return self._reading.item_file(item).requests[-1].id

    def person_id(self, name: str) -> str:
        """The id of a person by name."""
        return next(person.id for person in self._reading.people() if person.name == name)


_DISPOSITIONS = {"actions": "none_open", "evidence": "kept", "dependants": "Nothing depends on it."}
_CONTAINED = {
    "correction": "Affected parts relabelled and rechecked against the drawing.",
    "containment": "Stock of the same lot blocked; shipment stopped until the check was done.",
    "consequences": "done: customer informed; no part had been used.",
}
_CAUSED = {
    "cause_method": "five_whys",
    "five_whys": [
        {"why": "Why was the label in the wrong place?", "because": "The instruction shows it there.", "shown_by": ""},
        {
            "why": "Why does the instruction show it there?",
            "because": "It was not revised with the drawing.",
            "shown_by": "Dates of both documents",
        },
    ],
    "root_cause": "The work instruction shows the label position of the previous revision. Shown by trial on line 2.",
    "similar_cases": "All 14 instructions of the line checked: two more carried the old position and were corrected.",
    "similar_result": "found_and_treated",
}
_PLANNED = {
    "actions": [
        {
            "action": "Revise the work instruction",
            "responsible": OWNER,
            "due": "2026-12-04",
            "state": "open",
            "remark": "",
        },
        {"action": "Train both shifts", "responsible": OWNER, "due": "2026-12-11", "state": "open", "remark": ""},
    ],
    "effectiveness_criterion": "No mislabelled part in 500 consecutive parts on line 2.",
    "effectiveness_review_on": "2026-12-18",
    "effectiveness_window": "500 consecutive parts.",
}
_JUDGED = {
    "effectiveness_verdict": "effective",
    "risk_updated": "done: risk 17 rated down after the change.",
    "system_changed": "done: work instruction revised, released as revision D.",
}


def make_sample(
    opener: VaultOpener, folder: Path, *, passphrase: str, progress: Progress | None = None, packs: Path | None = None
) -> UnlockedSession:
    """Make the sample vault and return it unlocked as its quality person.

    `packs`: a folder where the closure packs made on the way are also written.
    """
    sample = _Sample(opener, folder, passphrase, progress)
    sample.people()
    items = sample.tracker()
    owner = sample.owner_id()
    through = items[: CLOSED + WAITING]
    planned = items[len(through) : len(through) + PLANNED]
    held, stopped, untouched = items[len(through) + PLANNED : len(through) + PLANNED + 3]
    with sample.as_person(IMPORTER) as do:
        for item in (*through, *planned, held):
            _bring_to_cause(do, item, owner)
    with sample.as_person(OWNER) as do:
        for item in (*through, *planned, held):
            _add(
                do, item, "cause_record", "trial.txt", f"Trial on line 2: label follows the instruction. Item {item}.\n"
            )
    with sample.as_person(IMPORTER) as do:
        do(
            RequestCancellation,
            item=stopped,
            reason="Same case as the item before it.",
            code="duplicate",
            dispositions=_DISPOSITIONS,
        )
        checker = sample.person_id(IMPORTER)
        for item in (*through, *planned, held):
            proof = sample.evidence_of(item)["cause_record"]
            do(ReviewEvidence, item=item, evidence=proof, accept=True, note="Trial seen.")
            do(MoveItem, item=item, step="plan", reason="Cause shown by trial.")
            planned_so = {**_PLANNED, "effectiveness_checker": checker}
            do(EditItem, item=item, fields=planned_so, reason="Planned with the line.")
    with sample.as_person(QUALITY) as do:
        do(HoldItem, item=held, reason="Waiting for the supplier's report.", review_on="2026-12-15")
        do(DecideRequest, item=stopped, request=sample.request_of(stopped), approve=True)
        _try_and_be_refused(do, untouched)
        for item in (*through, planned[0]):
            do(ApproveItem, item=item)
    with sample.as_person(PROCESS_OWNER) as do:
        for item in through:
            do(ApproveItem, item=item)
    with sample.as_person(OWNER) as do:
        for item in through:
            _carry_out(do, item)
    with sample.as_person(IMPORTER) as do:
        for item in through:
            _verify(do, item, sample.evidence_of(item))
    with sample.as_person(QUALITY) as do:
        for item in through:
            do(ApproveItem, item=item)
    with sample.as_person(PROCESS_OWNER) as do:
        for item in through[:CLOSED]:
            do(ApproveItem, item=item)
    vault = opener.unlock(folder, person=QUALITY, passphrase=passphrase)
    if packs is not None:
        packs.mkdir(parents=True, exist_ok=True)
    for item in through[:CLOSED]:
        vault.perform(
            CloseItem(item=item, outcome="reached", summary="No repeat in 500 parts on line 2."), passphrase=passphrase
        )
        number = vault.register.item(item).number
        vault.make_pack(item, packs / f"{number}.pdf" if packs is not None else None)
    vault.perform(
        ReopenItem(item=through[0], reason="The same label was found in the wrong place again."), passphrase=passphrase
    )
    return vault


def _bring_to_cause(do: Callable[..., None], item: str, owner: str) -> None:
    """From reported to the cause, with everything but the proof of it."""
    do(AssignItem, item=item, person=owner, reason="Owner of the line.")
    graded = {"severity": "major", "description": "See the tracker's row and the photo."}
    do(EditItem, item=item, fields=graded, reason="Graded by the photo.")
    do(MoveItem, item=item, step="containment", reason="Accepted.")
    do(EditItem, item=item, fields=_CONTAINED)
    do(MoveItem, item=item, step="cause", reason="Contained.")
    do(EditItem, item=item, fields=_CAUSED)


def _try_and_be_refused(do: Callable[..., None], item: str) -> None:
    """A command that the rules refuse: it is part of the log like every other act."""
    try:
        do(CloseItem, item=item, outcome="reached")
    except Refused:
        return
    raise AssertionError("closing untouched work must be refused")


def _add(do: Callable[..., None], item: str, requirement: str, name: str, text: str) -> None:
    data = text.encode()
    brought = IncomingFile(sha256=sha256(data).hexdigest(), size=len(data), data=data)
    do(
        AddEvidence,
        item=item,
        requirement=requirement,
        file=brought.sha256,
        size=brought.size,
        file_name=name,
        media_type="text/plain",
        files=(brought,),
    )


def _carry_out(do: Callable[..., None], item: str) -> None:
    """The owner implements the plan and puts the records on file."""
    do(MoveItem, item=item, step="implementation", reason="Plan released.")
    actions = [{**action, "state": "done"} for action in _PLANNED["actions"] if isinstance(action, dict)]
    do(EditItem, item=item, fields={"actions": actions}, reason="Carried out.")
    _add(
        do, item, "implementation_record", "implementation.txt", f"Work instruction revision D released. Item {item}.\n"
    )
    _add(do, item, "effectiveness_record", "effectiveness.txt", f"500 of 500 parts labelled right. Item {item}.\n")


def _verify(do: Callable[..., None], item: str, evidence: dict[str, str]) -> None:
    """Whoever checks the effect accepts the records and judges it; other people sign for that."""
    do(ReviewEvidence, item=item, evidence=evidence["implementation_record"], accept=True, note="Seen at the line.")
    do(ReviewEvidence, item=item, evidence=evidence["effectiveness_record"], accept=True, note="Count checked.")
    do(MoveItem, item=item, step="verification", reason="Implemented.")
    do(EditItem, item=item, fields=_JUDGED, reason="Judged against the criterion.")
