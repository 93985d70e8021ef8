"""A vault in which every command of the registry was given at least once, each by somebody who may.

Ada created it and is administrator, so is Bea; Olga and Wim work, Lea and Leo lead, Rita carries risks,
Bo is the board.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import msgspec
from rich_imports import ROWS, importing
from rich_process import fresh, next_work, texts
from rich_world import VAULT, World, a_file, raw, text_of

from domain.calendar.working_time import USUAL
from domain.commands.alerts import MarkAlertSeen, RaiseAlerts
from domain.commands.approvals import AnswerQuestion, ApproveItem, AskQuestion, ResubmitItem, RevokeApproval
from domain.commands.categories import DecideCategory, ProposeCategory
from domain.commands.closure import BeginFollowUp, CancelItem, CloseItem, KeepPack
from domain.commands.command import values_of
from domain.commands.deciding import judge
from domain.commands.delegation import GrantMandate, RevokeMandate
from domain.commands.evidence import AddEvidence, GetEvidence, OpenEvidence, ReviewEvidence
from domain.commands.handoffs import AcceptHandoff, ReturnHandoff
from domain.commands.items import AssignItem, CreateItem, EditItem, HoldItem, MoveItem, ReopenItem, ResumeItem
from domain.commands.keys import (
    AskReset,
    BeginRotation,
    ChangePassphrase,
    FailedUnlockCount,
    FinishRotation,
    GiveReset,
    KeepRecoverySheet,
    RecordFailedUnlocks,
    RecordSlots,
    RecoverKey,
    TakeOverKeys,
    WithdrawReset,
)
from domain.commands.links import AskBlocker, LinkItems, ReplaceLink, UnlinkItems
from domain.commands.migration import MigrateItems
from domain.commands.oversight import AcknowledgeClock, AskKey, RevealKey, ReviewAccess, ReviewAuditTrail
from domain.commands.people import (
    ConfirmPerson,
    ConfirmRole,
    CreateVault,
    DisablePerson,
    EnrolPerson,
    GrantRole,
    RevokeRole,
    SignDeclaration,
)
from domain.commands.process_versions import DraftProcess, EditDraft, PublishProcess
from domain.commands.requests import (
    DecideRequest,
    RequestCancellation,
    RequestChange,
    RequestExtension,
    WithdrawRequest,
)
from domain.commands.risk_acceptance import DecideRiskAcceptance, RequestRiskAcceptance, RevokeRiskAcceptance
from domain.commands.settings import ChangeSetting, SetCalendar
from domain.commands.urgency import ApproveUrgent, ConfirmUrgent, MarkUrgent, RefuseUrgent, WithdrawUrgent
from domain.commands.vault_events import (
    RecordExport,
    RecordMigration,
    RecordRefusal,
    RecordRestore,
    RecordRestoreTest,
)
from domain.identity import iso
from domain.records.governance import Alert, Category, Mandate
from domain.records.item import Item
from domain.records.people import KeyReset
from domain.rules.alert_scan import Scan
from domain.simulation.prove_draft import ProveDraft
from domain.trackers.raw_rows import RawRow
from resources.texts.declarations import DECLARATION
from resources.texts.meanings import MEANINGS

ADA, BEA, OLGA, WIM, LEA, LEO, RITA, BO, ZED = (
    f"p-{name}" for name in ("ada", "bea", "olga", "wim", "lea", "leo", "rita", "bo", "zed")
)
NAMES = {each: each.removeprefix("p-").title() for each in (ADA, BEA, OLGA, WIM, LEA, LEO, RITA, BO, ZED)}
ROLES = {
    BEA: ("administrator", "board"),
    OLGA: ("worker",),
    WIM: ("worker",),
    LEA: ("lead",),
    LEO: ("lead",),
    RITA: ("risk",),
    BO: ("board",),
    ZED: (),
}
WHY, MEANT = "there is a reason", "I mean it"
HASH = "5" * 64


class ScenarioRun:
    """Describes the whole scenario into a world; each method is a part of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.give = world.give

    def notify(self) -> World:
        """Everything, in an order in which everything is allowed."""
        self.people()
        self.keys()
        self.vault()
        self.normal_path()
        self.urgent_road()
        self.ties_and_risk_acceptances()
        self.requests()
        self.ends()
        self.categories_and_mandates()
        self.versions()
        self.imports()
        self.alerts()
        self.clock()
        return self.world

    def people(self) -> None:
        give, world = self.give, self.world
        work, again, _ = texts()
        key = world.new_key(ADA, "Ada")
        world.key_of[ADA] = key.id
        give(
            ADA,
            CreateVault(
                vault=VAULT,
                name="Site A",
                first_admin="Ada",
                prefix="SA",
                slots="0" * 64,
                key=key,
                processes=(work, again),
                **world.vault_keys(),
            ),
        )
        for person, roles in ROLES.items():
            key = world.new_key(person, NAMES[person])
            world.key_of[person] = key.id
            give(
                ADA,
                EnrolPerson(
                    person=person,
                    name=NAMES[person],
                    identity_checked="Passport seen",
                    roles=roles,
                    key=key,
                    slots=person,
                ),
            )
            if person != BEA:
                give(BEA, ConfirmPerson(person=person))
        for person in NAMES:
            give(person, SignDeclaration(text=DECLARATION, meaning=MEANINGS["sign_declaration"]))
        give(ADA, GrantRole(person=ZED, role="worker", reason=WHY, slots="s-1"))
        give(BEA, ConfirmRole(person=ZED, role="worker", slots="s-2"))
        give(BEA, RevokeRole(person=ZED, role="worker", reason=WHY))

    def keys(self) -> None:
        give, world = self.give, self.world
        give(OLGA, AskReset(person=ZED, reason=WHY, meaning=MEANT))
        give(OLGA, WithdrawReset(reset=self.reset(), reason=WHY, meaning=MEANT))
        give(OLGA, AskReset(person=ZED, reason=WHY, meaning=MEANT))
        key = world.new_key(ZED, "Zed")
        give(ADA, GiveReset(reset=self.reset(), key=key, meaning=MEANT, slots="s-2"))
        world.key_of[ZED] = key.id
        give(ADA, KeepRecoverySheet(sheet="sheet-1", public=text_of(raw(world.sheet)), tested=True, slots="s-3"))
        give(BEA, AskReset(person=ADA, reason=WHY, meaning=MEANT))
        key = world.new_key(ADA, "Ada")
        world.key_of[ADA] = key.id
        give(
            ADA,
            RecoverKey(
                sheet="sheet-1",
                proof=world.sheet_proof(key.statement),
                key=key,
                new_sheet_id="sheet-2",
                new_sheet_public=text_of(raw(world.new_private())),
                slots="s-4",
            ),
        )
        give(ZED, TakeOverKeys(slots="s-5"))
        give(ZED, ChangePassphrase(slots="s-6"))
        give(ADA, BeginRotation(reason=WHY, slots="s-7"))
        give(OLGA, FinishRotation(slots="s-8"))
        give(OLGA, RecordSlots(slots="s-9"))
        counted = {"count": 3, "device": "d", "first_at": iso(world.now), "last_at": iso(world.now)}
        give(
            OLGA,
            RecordFailedUnlocks(
                failed_unlock_reports=(
                    FailedUnlockCount(kind="wrong_passphrase", person=ZED, **counted),  # type: ignore[arg-type]
                    FailedUnlockCount(kind="locked_out", person="", **counted),  # type: ignore[arg-type]
                )
            ),
        )
        give(ADA, DisablePerson(person=ZED, reason=WHY, slots="s-10"))

    def reset(self) -> str:
        asked: KeyReset = next(each for each in self.world.state.all_of(KeyReset) if each.state == "asked")
        return asked.id

    def vault(self) -> None:
        give = self.give
        calendar = msgspec.structs.replace(USUAL, free_days=[["2026-12-25", "Christmas"]], ends=16 * 60)
        give(ADA, SetCalendar(calendar=calendar, reason=WHY, meaning=MEANT))
        give(ADA, ChangeSetting(name="reveal_needs_two", value="yes", reason=WHY, meaning=MEANT))
        give(ADA, AskKey(purpose=WHY, fingerprint="f" * 32, meaning=MEANT))
        give(BEA, RevealKey(fingerprint="f" * 32, meaning=MEANT))
        give(BEA, ReviewAccess(findings="", in_order=True, meaning=MEANT))
        give(
            RITA,
            ReviewAuditTrail(first=0, last=9, verdict="with_findings", sample=(3, 5), findings="a word", meaning=MEANT),
        )
        give(ADA, PublishProcess(definition=texts()[2]))
        give(OLGA, RecordExport(kind="register", name="register.csv", sha256=HASH, size=12, purpose=WHY))
        give(
            ADA,
            RecordRestoreTest(
                source=HASH, made_at=iso(self.world.now), entries=3, root=HASH, files=1, problem="", device="d"
            ),
        )
        give(ADA, RecordRestore(source=HASH, entries=3, root=HASH, seen="", reason=WHY, device="d"))

    def new_item(self, *, process: str = "work", owner: str = OLGA, by: str = WIM, **fields: Any) -> str:
        values = {"title": "Torn label", "severity": "high", "owner": owner, "due": "2026-12-01", **fields}
        return self.give(by, CreateItem(process=process, fields=values)).subject

    def last(self, item: str, member: str) -> Any:
        return getattr(self.world.state.item_file(item), member)[-1]

    def proof(self, item: str, *, accept: bool = True) -> str:
        file = a_file(f"proof of {item}")
        self.give(
            OLGA,
            AddEvidence(
                item=item, requirement="proof", file=file.sha256, size=file.size, file_name="p.txt", note="seen"
            ),
        )
        evidence: str = self.last(item, "evidence").id
        self.give(LEO, ReviewEvidence(item=item, evidence=evidence, accept=accept, note="looked at it"))
        return evidence

    def started(self, **other: Any) -> str:
        """An item at work: planned, signed by two levels, and begun."""
        item = self.new_item(**other)
        self.give(OLGA, EditItem(item=item, fields={"plan": "Print labels anew.", "cost": "12.50 EUR"}, reason=WHY))
        self.give(LEA, ApproveItem(item=item, reason="read it"))
        self.give(BO, ApproveItem(item=item))
        self.give(OLGA, MoveItem(item=item, step="doing"))
        return item

    def checked(self, **other: Any) -> str:
        item = self.started(**other)
        self.proof(item)
        self.give(OLGA, MoveItem(item=item, step="checking"))
        self.give(LEA, AcceptHandoff(item=item))
        return item

    def closed(self, **other: Any) -> str:
        item = self.checked(**other)
        self.give(LEA, EditItem(item=item, fields={"verdict": "good"}, reason=WHY))
        self.give(LEA, CloseItem(item=item, outcome="reached", summary="It holds."))
        return item

    def normal_path(self) -> None:
        give = self.give
        item = self.new_item()
        give(LEA, AssignItem(item=item, person=WIM, reason=WHY))
        give(LEA, AssignItem(item=item, person=OLGA))
        give(OLGA, EditItem(item=item, fields={"plan": "Print labels."}, reason=WHY))
        give(LEA, ApproveItem(item=item))
        give(LEA, RevokeApproval(item=item, reason=WHY, meaning=MEANT))
        give(LEA, AskQuestion(item=item, text="How many?", gate="asked->doing"))
        give(OLGA, AnswerQuestion(item=item, answer="Twelve."))
        give(LEA, ApproveItem(item=item, decision="changes_requested", reason=WHY, meaning=MEANT))
        give(OLGA, ResubmitItem(item=item, reason=WHY))
        give(LEO, ApproveItem(item=item, decision="abstained", reason=WHY, meaning=MEANT))
        give(LEA, ApproveItem(item=item, bulk=True))
        give(BO, ApproveItem(item=item))
        give(OLGA, MoveItem(item=item, step="doing"))
        give(OLGA, HoldItem(item=item, reason=WHY, review_on="2026-11-12", waiting_for="the printer"))
        give(OLGA, ResumeItem(item=item, reason=WHY))
        self.proof(item, accept=False)
        evidence = self.proof(item)
        give(BO, OpenEvidence(item=item, evidence=evidence, purpose=""))
        give(BO, GetEvidence(item=item, evidence=evidence, purpose=WHY))
        give(OLGA, MoveItem(item=item, step="checking"))
        give(LEA, ReturnHandoff(item=item, reason=WHY))
        give(OLGA, MoveItem(item=item, step="checking"))
        give(LEO, AcceptHandoff(item=item))
        give(LEO, MoveItem(item=item, step="doing", reason=WHY))
        self.proof(item)
        give(OLGA, MoveItem(item=item, step="checking"))
        give(LEA, AcceptHandoff(item=item))
        give(LEA, EditItem(item=item, fields={"verdict": "good"}, reason=WHY))
        give(LEO, CloseItem(item=item, outcome="reached", summary="It holds."))
        pack = a_file("the pack")
        give(LEO, KeepPack(item=item, file=pack.sha256, size=pack.size, checkpoint="a note"))
        give(LEA, ReopenItem(item=item, reason=WHY))
        give(OLGA, RecordRefusal(refused=values_of(CloseItem(item=item, outcome="reached"))))
        give(RITA, RecordRefusal(refused=values_of(GrantRole(person=RITA, role="lead"))))

    def urgent_road(self) -> None:
        give = self.give
        item = self.new_item(by=LEA)
        give(OLGA, EditItem(item=item, fields={"plan": "Stop the line."}, reason=WHY))
        give(WIM, MarkUrgent(item=item, code="safety", reason=WHY))
        give(WIM, WithdrawUrgent(item=item, reason=WHY))
        for refuse in (False, True):
            give(WIM, MarkUrgent(item=item, code="safety", reason=WHY))
            give(BO if refuse else RITA, ApproveUrgent(item=item, reason="at once"))
            give(WIM, MoveItem(item=item, step="doing"))
            if refuse:
                give(LEO, RefuseUrgent(item=item, reason=WHY, meaning=MEANT))
            else:
                give(LEO, ConfirmUrgent(item=item))
                give(BO, ConfirmUrgent(item=item, reason="seen"))
                give(WIM, MoveItem(item=item, step="asked", reason=WHY))
                give(OLGA, EditItem(item=item, fields={"plan": "Stop both lines."}, reason=WHY))

    def ties_and_risk_acceptances(self) -> None:
        give = self.give
        item, blocker, other = self.new_item(), self.new_item(owner=WIM), self.new_item()
        give(OLGA, LinkItems(item=item, other=blocker, kind="blocked_by", reason=WHY))
        link = self.last(item, "links").id
        give(OLGA, AskBlocker(item=item, link=link, text="When?"))
        give(WIM, AnswerQuestion(item=blocker, answer="Soon."))
        give(OLGA, ReplaceLink(item=item, link=link, other=other, reason=WHY))
        link = next(each for each in self.world.state.links_about(item) if each.state == "in_force").id
        give(OLGA, EditItem(item=item, fields={"plan": "Wait."}, reason=WHY))
        for asker, accept in ((OLGA, True), (WIM, True), (LEA, False)):  # nobody asks again for what they asked for
            give(
                asker,
                RequestRiskAcceptance(
                    item=item,
                    rule="blocked.open",
                    reason=WHY,
                    risk="small",
                    expires_on="2026-11-15",
                    concerns=link,
                    measure="look daily",
                ),
            )
            risk_acceptance = next(
                each for each in self.world.state.item_file(item).risk_acceptances if each.state == "asked"
            ).id
            decision = {"item": item, "risk_acceptance": risk_acceptance, "accept": accept, "reason": WHY}
            for signer in (RITA, LEO) if accept else (RITA,):  # the risk's carrier and the process's owner
                give(signer, DecideRiskAcceptance(**decision, meaning=MEANT))
            if accept:
                give(RITA, RevokeRiskAcceptance(item=item, risk_acceptance=risk_acceptance, reason=WHY, meaning=MEANT))
        give(OLGA, UnlinkItems(item=item, link=link, reason=WHY))
        give(OLGA, LinkItems(item=item, other=blocker, kind="blocked_by"))
        give(LEA, CancelItem(item=blocker, reason=WHY, code="duplicate"))

    def requests(self) -> None:
        give = self.give
        item = self.started()
        for day, approve in (("2026-12-21", True), ("2026-12-28", False)):
            give(OLGA, RequestExtension(item=item, due=day, reason=WHY, interim_risk="none"))
            give(LEO, DecideRequest(item=item, request=self.asked(item), approve=approve, reason=WHY, meaning=MEANT))
        give(OLGA, RequestChange(item=item, fields={"plan": "Print by hand."}, reason=WHY))
        give(OLGA, WithdrawRequest(item=item, request=self.asked(item), reason=WHY))
        give(OLGA, RequestChange(item=item, fields={"plan": "Print by hand."}, reason=WHY))
        give(LEO, DecideRequest(item=item, request=self.asked(item), approve=True, reason=WHY))
        give(OLGA, RequestCancellation(item=item, reason=WHY, code="not_needed"))
        give(LEO, DecideRequest(item=item, request=self.asked(item), approve=True, reason=WHY))

    def asked(self, item: str) -> str:
        asked: str = next(each.id for each in self.world.state.item_file(item).requests if each.state == "asked")
        return asked

    def ends(self) -> None:
        item = self.closed(process="again")
        self.give(LEO, BeginFollowUp(item=item, reason=WHY))

    def categories_and_mandates(self) -> None:
        give = self.give
        for word, approve in (("label", True), ("box", False)):
            give(
                OLGA,
                ProposeCategory(process="work", category_word=word, title=word.title(), owner_role="lead", reason=WHY),
            )
            category = next(each for each in self.world.state.all_of(Category) if each.state == "proposed").id
            give(LEA, DecideCategory(category=category, approve=approve, reason=WHY, meaning=MEANT))
        item = self.new_item(kind="label", by=LEA)
        give(OLGA, EditItem(item=item, fields={"plan": "Label."}, reason=WHY))
        days = {"first_day": "2026-11-02", "last_day": "2026-11-30"}
        give(LEO, GrantMandate(delegate=RITA, role="lead", reason=WHY, process="work", meaning=MEANT, **days))
        give(RITA, ApproveItem(item=item, reason="for Leo"))
        give(LEO, RevokeMandate(mandate=self.mandate(), reason=WHY, meaning=MEANT))
        give(BO, GrantMandate(delegate=LEO, role="board", reason=WHY, severities=("high",), meaning=MEANT, **days))

    def mandate(self) -> str:
        given: str = next(each.id for each in self.world.state.all_of(Mandate) if each.state == "given")
        return given

    def versions(self) -> None:
        give, world = self.give, self.world
        old = self.started()
        give(LEA, DraftProcess(process="work", definition=next_work(), reason=WHY))
        give(LEA, EditDraft(version="work@2", changes={"scope": "All of it, and more."}, reason=WHY))
        give(LEA, ProveDraft(version="work@2"))
        carrier = self.new_item(process="carry", owner=LEA, by=LEA)
        day = (world.now + timedelta(days=1)).date().isoformat()
        give(LEA, EditItem(item=carrier, fields={"version": "work@2", "in_force_from": day}, reason=WHY))
        give(LEA, MoveItem(item=carrier, step="review"))
        give(LEA, MoveItem(item=carrier, step="drafting", reason=WHY))
        give(LEA, MoveItem(item=carrier, step="review"))
        give(LEO, ApproveItem(item=carrier))
        give(LEA, MoveItem(item=carrier, step="in_force"))
        give(LEO, MigrateItems(items=(old,), version="work@2", reason=WHY, meaning=MEANT), minutes=2 * 24 * 60)
        numbers = [each.id for each in world.state.all_of(Item) if each.process_version == "work@1"]
        able = [each for each in numbers if self.may_come_over(each)]
        give(LEO, MigrateItems(items=tuple(able[:2]), version="work@2", reason=WHY, meaning=MEANT))
        give(ADA, DraftProcess(process="fresh", definition=fresh()))

    def may_come_over(self, item: str) -> bool:
        command = MigrateItems(items=(item,), version="work@2", reason=WHY, meaning=MEANT)
        return judge(command, self.world.state, self.world.actor(LEO)).allowed

    def imports(self) -> None:
        self.give(LEA, importing(ROWS, "tracker 1"))
        items = [each.id for each in self.world.state.all_of(Item) if each.source is not None]
        changed = RawRow(
            row=3, texts=("2", "Very wet", "Wim", "", "", "Hall 4"), kinds=("n", "", "", "", "", ""), item=items[1]
        )
        self.give(LEA, importing((changed,), "tracker 2"))

    def alerts(self) -> None:
        world = self.world
        world.now += timedelta(days=14)
        alerts = Scan(world.state, world.actor(WIM)).alerts()
        self.give(WIM, RaiseAlerts.of(alerts[:1], running_since=iso(world.now)))
        self.give(WIM, RaiseAlerts.of(alerts[1:4], running_since=iso(world.now - timedelta(days=30))))
        for_lead = next(each for each in world.state.all_of(Alert) if each.role == "lead")
        self.give(LEO, MarkAlertSeen(alerts=(for_lead.id,)))

    def clock(self) -> None:
        """The clock goes back; what is not signed goes on, what is signed waits until that is acknowledged."""
        self.world.now -= timedelta(days=1)
        self.give(OLGA, RecordSlots(slots="s-11"))
        self.give(ADA, AcknowledgeClock(reason=WHY, device="d", meaning=MEANT))
        self.new_item()
        self.give(ADA, RecordMigration(to=1, entries=3, root=HASH, backup="", device="d"))


@cache
def rich() -> World:
    """The whole scenario, shown once."""
    return ScenarioRun(World()).notify()
