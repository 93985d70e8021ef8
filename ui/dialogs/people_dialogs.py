"""Questions about one person: a role given or ended, work ended, a key lost; and about oneself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from domain.commands.keys import AskReset, WithdrawReset
from domain.commands.oversight import ReviewAccess
from domain.errors import CountersignError
from domain.identity import iso
from domain.log.entry import Entry
from domain.messages import message, plural_message
from domain.records.people import KeyReset, Person
from domain.services import Progress
from resources.texts.meanings import MEANINGS
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.sign import SignDialog, Signing
from ui.queries import SessionView
from ui.tasks import Failed
from ui.widgets.forms import PassphraseEdit, choice, text_area
from ui.widgets.new_passphrase import NewPassphrase
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import count_text, moment_text

Then = Callable[[Any], None]


class RoleDialog(FormDialog):
    """Give a person a role, or end one. What was signed under a role that ended stays valid."""

    def __init__(
        self, services: WindowServices, parent: QWidget, session: SessionView, person: Person, *, grant: bool
    ) -> None:
        super().__init__(
            services,
            parent,
            title=message("Grant a role to {person}", person=person.name)
            if grant
            else message("End a role of {person}", person=person.name),
            text=message("It holds from now on.")
            if grant
            else message("It ends now. What was signed in this role stays valid."),
            verb=message("Grant") if grant else message("End the role"),
            icon="proven" if grant else "reject",
        )
        self._person, self._grant = person, grant
        held = {each.role for each in session.roles_of(person.id, at=iso(services.workspace.now()))}
        titles = session.role_titles()
        offered = tuple((role, titles[role]) for role in titles if (role in held) != grant)
        self.role = choice(offered or tuple((role, session.role_title(role)) for role in sorted(held)))
        self.reason = QLineEdit()
        self.add_field(message("&Role"), self.role)
        self.add_field(message("Rea&son"), self.reason, hint=message("Kept with the signed entry."))
        self.on_submit(self._change)
        self.role.setFocus()

    def _change(self, then: Then, failed: Failed) -> None:
        keys = self.services.workspace.vault.people_service
        person, role, reason = self._person.id, self.role.currentData() or "", self.reason.text().strip()
        work = keys.grant_role if self._grant else keys.revoke_role
        self.services.workspace.change(
            lambda: work(person=person, role=role, reason=reason), context=self, then=then, failed=failed
        )


class ConfirmDialog(FormDialog):
    """Confirm, as the second administrator, an enrolment or a role that another one proposed."""

    def __init__(self, services: WindowServices, parent: QWidget, session: SessionView, person: Person) -> None:
        roles = session.proposed_roles_of(person.id)
        super().__init__(
            services,
            parent,
            title=message("Confirm {person}", person=person.name),
            text=_proposed_text(session, person)
            if person.state == "proposed"
            else message("Another administrator proposed a role. It is held from now on when you confirm it."),
            verb=message("Confirm"),
            icon="proven",
        )
        self._person = person
        self.role = choice(tuple((each.role, session.role_title(each.role)) for each in roles))
        if person.state != "proposed":
            self.add_field(message("&Role"), self.role)
        self.on_submit(self._confirm)

    def _confirm(self, then: Then, failed: Failed) -> None:
        keys, person, role = self.services.workspace.vault.people_service, self._person, self.role.currentData() or ""

        def work() -> Entry:
            if person.state == "proposed":
                return keys.confirm_person(person=person.id)
            return keys.confirm_role(person=person.id, role=role)

        self.services.workspace.change(work, context=self, then=then, failed=failed)


def _proposed_text(session: SessionView, person: Person) -> str:
    roles = ", ".join(session.role_title(each.role) for each in session.proposed_roles_of(person.id)) or "–"
    return message(
        "{by} enrolled {person}. Identity checked: {identity}. Roles: {roles}. Confirm only what you know to be right.",
        by=session.name_of(person.enrolled_by),
        person=person.name,
        identity=person.identity_checked,
        roles=roles,
    )


class DisableDialog(FormDialog):
    """End a person's work here. What they own is shown first, so that somebody takes it over."""

    def __init__(self, services: WindowServices, parent: QWidget, person: Person) -> None:
        super().__init__(
            services,
            parent,
            title=message("Disable {person}", person=person.name),
            text=message(
                "No way in, no roles and no signature from now on. The name stays theirs for ever; what they signed "
                "stays valid."
            ),
            verb=message("Disable"),
            icon="cancel",
        )
        self._person = person
        self.owned = label(message("Looking for open items of this person…"), wrap=True)
        self.form.addWidget(self.owned)
        self.reason = text_area(rows=2)
        reason = self.add_field(message("&Reason"), self.reason, required=True)
        self.demand(reason, lambda: bool(self.reason.toPlainText().strip()), message("Say why."))
        self.rekey = QCheckBox(message("Also change the &data key"))
        why = message("Then backups they took open nothing that is recorded from now on. It takes a moment.")
        self.rekey.setAccessibleDescription(why)
        self.form.addWidget(self.rekey)
        self.form.addWidget(label(why, type_="small", muted=True, wrap=True))
        self.on_submit(self._disable)
        self.reason.setFocus()
        keys = services.workspace.vault.people_service
        services.tasks.run(lambda: keys.items_to_hand_over(person.id), context=self, then=self._on_owned)

    def _on_owned(self, numbers: tuple[str, ...]) -> None:
        if not numbers:
            self.owned.setText(message("They own no open item."))
            return
        shown = ", ".join(numbers[:12]) + (" …" if len(numbers) > 12 else "")
        self.owned.setText(
            plural_message(
                "Somebody has to take over {count} open item: {items}",
                "Somebody has to take over {count} open items: {items}",
                len(numbers),
                count=count_text(len(numbers)),
                items=shown,
            )
        )
        self.owned.setProperty("ink", "waiting")
        self.owned.style().polish(self.owned)

    def _disable(self, then: Then, failed: Failed) -> None:
        workspace = self.services.workspace
        keys, person, reason = workspace.vault.people_service, self._person.id, self.reason.toPlainText().strip()
        if not self.rekey.isChecked():
            workspace.change(lambda: keys.disable(person=person, reason=reason), context=self, then=then, failed=failed)
            return

        def work(progress: Progress) -> Entry:
            return keys.remove(person=person, reason=reason, progress=progress)

        self.services.tasks.run_long(
            work,
            label=message("Changing the data key"),
            context=self,
            then=lambda entry: workspace.notify(entry, then),
            failed=failed,
        )


class PassphraseDialog(FormDialog):
    """Change one's own passphrase."""

    def __init__(self, services: WindowServices, parent: QWidget, session: SessionView) -> None:
        super().__init__(
            services,
            parent,
            title=message("Change my passphrase"),
            text=message("Backups of the vault made before still open with the old one."),
            verb=message("Change"),
            icon="lock",
        )
        self.old = PassphraseEdit(services.icons)
        old = self.add_field(message("The passphrase of &now"), self.old, required=True)
        self.new = NewPassphrase(
            services, title=message("New &passphrase"), names=lambda: (session.person.name, *session.names_known())
        )
        self.form.addWidget(self.new)
        self.require(self.new.complete)
        self.demand(old, lambda: not self.old.is_empty, message("Type the passphrase you have now."))
        self.new.again.returned.connect(self.submit)
        self.on_submit(self._change)
        self.old.setFocus()

    def _change(self, then: Then, failed: Failed) -> None:
        keys, old, new = self.services.workspace.vault.people_service, self.old.take(), self.new.take()
        self.services.workspace.change(
            lambda: keys.change_passphrase(old=old, new=new), context=self, then=then, failed=failed
        )


def ask_reset_dialog(services: WindowServices, parent: QWidget, session: SessionView, person: Person) -> SignDialog:
    """The first half of a reset: somebody confirms the person and asks for the key."""
    return SignDialog(
        services,
        parent,
        _signing(
            services,
            session,
            title=message("Ask for a new key for {person}", person=person.name),
            verb=message("Sign and ask"),
            icon="keys",
            meaning=MEANINGS["ask_reset"],
            facts=(
                (message("For"), person.name),
                (message("Then"), message("an administrator, who is neither of you, gives it")),
            ),
            reason_label=message("&Reason"),
            reason_required=True,
        ),
        lambda passphrase, reason, then, failed: services.workspace.perform(
            AskReset(
                person=person.id,
                reason=reason,
                meaning=MEANINGS["ask_reset"],
            ),
            context=parent,
            then=then,
            failed=failed,
            passphrase=passphrase,
        ),
    )


def withdraw_reset_dialog(
    services: WindowServices, parent: QWidget, session: SessionView, person: Person, asked: KeyReset
) -> SignDialog:
    """Nobody gets a new key after all: the passphrase was found again, or the request was a mistake."""
    return SignDialog(
        services,
        parent,
        _signing(
            services,
            session,
            title=message("Withdraw the request for a new key for {person}", person=person.name),
            verb=message("Sign and withdraw"),
            icon="cancel",
            meaning=MEANINGS["withdraw_reset"],
            facts=(
                (message("For"), person.name),
                (message("Asked by"), session.name_of(asked.asked_by)),
                (message("Asked on"), moment_text(asked.asked_at)),
                (message("Because"), asked.reason),
            ),
            reason_label=message("&Reason"),
            reason_required=True,
        ),
        lambda passphrase, reason, then, failed: services.workspace.perform(
            WithdrawReset(
                reset=asked.id,
                reason=reason,
                meaning=MEANINGS["withdraw_reset"],
            ),
            context=parent,
            then=then,
            failed=failed,
            passphrase=passphrase,
        ),
    )


class GiveResetDialog(SignDialog):
    """The second half: the person types a new passphrase here, the administrator signs."""

    def __init__(self, services: WindowServices, parent: QWidget, session: SessionView, person: Person) -> None:
        asked = next((each for each in session.asked_resets if each.person == person.id), None)
        self.new = NewPassphrase(
            services,
            title=message("{person}'s new &passphrase, typed by themselves", person=person.name),
            names=lambda: (person.name, *session.names_known()),
        )
        super().__init__(
            services,
            parent,
            _signing(
                services,
                session,
                title=message("Give {person} a new key", person=person.name),
                verb=message("Sign and give the key"),
                icon="unlock",
                meaning=MEANINGS["give_reset"],
                facts=(
                    (message("For"), person.name),
                    (message("Asked by"), session.name_of(asked.asked_by) if asked else ""),
                    (message("Reason"), asked.reason if asked else ""),
                ),
            ),
            lambda passphrase, _reason, then, failed: self._give(person, passphrase, then, failed),
            lead=self.new,
        )
        self.require(self.new.complete)

    def _give(self, person: Person, passphrase: str, then: Then, failed: Failed) -> None:
        keys, new = self.services.workspace.vault.people_service, self.new.take()
        self.services.workspace.change(
            lambda: keys.give_reset(person=person.id, new_passphrase=new, passphrase=passphrase),
            context=self,
            then=then,
            failed=failed,
        )

    def after_failure(self, problem: CountersignError) -> None:
        """The new passphrase was emptied with the command: it is typed again first."""
        super().after_failure(problem)
        self.new.first.setFocus()


def review_access_dialog(
    services: WindowServices, parent: QWidget, session: SessionView, *, conflicts: int
) -> SignDialog:
    """The signing for exactly the access there is now."""
    active = sum(1 for person in session.people if person.state == "active")
    return SignDialog(
        services,
        parent,
        _signing(
            services,
            session,
            title=message("Sign an access review"),
            verb=message("Sign the review"),
            icon="sign",
            meaning=MEANINGS["review_access"],
            facts=(
                (
                    message("People"),
                    message("{active} active of {count}", count=len(session.people), active=active),
                ),
                (message("Conflicts shown"), str(conflicts)),
            ),
            reason_label=message("&Findings; leave empty when all is in order"),
        ),
        lambda passphrase, findings, then, failed: services.workspace.perform(
            ReviewAccess(
                findings=findings,
                in_order=not findings,
                meaning=MEANINGS["review_access"],
            ),
            context=parent,
            then=then,
            failed=failed,
            passphrase=passphrase,
        ),
    )


def _signing(services: WindowServices, session: SessionView, **values: Any) -> Signing:
    return Signing(person=session.person.name, role="", at=services.workspace.now(), **values)
