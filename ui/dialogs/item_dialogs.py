"""Questions about one item: where to move it, why to hold or resume it, who owns it, which evidence."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.items import AssignItem, CreateItem, HoldItem, MoveItem, ResumeItem
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import EvidenceRequirement, ProcessVersion
from domain.records.item import Evidence
from ui.dialogs.form_dialog import FormDialog
from ui.drafts import form_place
from ui.queries import ItemInFocus
from ui.widgets.buttons import button
from ui.widgets.day_edit import DayEdit
from ui.widgets.field_editors import ChoiceEditor
from ui.widgets.forms import choice, text_area
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import size_text


class MoveDialog(FormDialog):
    """Chooses the next step; a transition with obstacles shows them instead of being hidden."""

    def __init__(self, services: WindowServices, parent: QWidget, focus: ItemInFocus) -> None:
        item = focus.facts.file.item
        super().__init__(
            services,
            parent,
            title=message("Move {number}", number=item.number),
            text=item.title,
            verb=message("Move"),
            icon="move",
        )
        self._transitions = {each.to_step: each for each in focus.next if not each.closes}
        process = focus.facts.process
        titles = tuple((step, _step_title(process, step)) for step in self._transitions)
        self.step = choice(titles)
        open_transitions = [step for step, transition in self._transitions.items() if transition.verdict.allowed]
        if open_transitions:
            self.step.setCurrentIndex(self.step.findData(open_transitions[0]))
        self.reason = text_area(rows=2)
        self.add_field(message("To &step"), self.step)
        self._standing = label(wrap=True)
        self._standing.setProperty("ink", "refused")
        self.form.addWidget(self._standing)
        self._reason_row = self.add_field(message("&Reason"), self.reason)
        self.demand(
            self._reason_row,
            lambda: bool(self.reason.toPlainText().strip()) or not self._reason_needed(process, item.step),
            message("This transition asks for a reason."),
        )
        self.step.currentIndexChanged.connect(self._on_step_changed)
        self._on_step_changed()
        self.keep_drafts(form_place("item.move", item.id), step=self.step, reason=self.reason)
        self.on_submit(
            lambda then, failed: services.workspace.perform(
                MoveItem(item=item.id, step=self.step.currentData(), reason=self.reason.toPlainText().strip()),
                context=self,
                then=then,
                failed=failed,
            )
        )

    def announced(self) -> str:
        """What stands in the way of the chosen step."""
        return self._standing.text()

    def _reason_needed(self, process: ProcessVersion, here: str) -> bool:
        transition = process.transition(f"{here}->{self.step.currentData()}")
        return transition is not None and transition.reason_required

    def _on_step_changed(self) -> None:
        transition = self._transitions.get(self.step.currentData())
        self._standing.setText(obstacle_text(transition.verdict.obstacles) if transition else "")
        self._standing.setVisible(bool(self._standing.text()))
        free = transition is not None and transition.verdict.allowed
        self.verb.setEnabled(transition is not None)
        self.verb.setText(message("Move") if free else message("Try anyway"))
        tip = "" if free else message("It will be refused, and the command goes on record with what stands in the way.")
        self.verb.setToolTip(tip)


class HoldDialog(FormDialog):
    """A reason and the day on which the hold is looked at again."""

    def __init__(self, services: WindowServices, parent: QWidget, focus: ItemInFocus) -> None:
        item, rule = focus.facts.file.item, focus.facts.process.hold
        super().__init__(
            services,
            parent,
            title=message("Put {number} on hold", number=item.number),
            text=message("While it is on hold the item refuses every step; the due day stays as it is."),
            verb=message("Put on hold"),
            icon="hold",
        )
        self.reason, self.review_on = text_area(rows=3), DayEdit()
        why = self.add_field(message("&Reason"), self.reason, required=True)
        when = self.add_field(message("&Look at it again on"), self.review_on, required=rule.review_date_required)
        self.demand(why, lambda: bool(self.reason.toPlainText().strip()), message("Say why."))
        self.demand(
            when,
            lambda: bool(self.review_on.day()) or not rule.review_date_required,
            message("A hold needs a review day."),
        )
        self.keep_drafts(form_place("item.hold", item.id), reason=self.reason, review_on=self.review_on)
        self.on_submit(
            lambda then, failed: services.workspace.perform(
                HoldItem(item=item.id, reason=self.reason.toPlainText().strip(), review_on=self.review_on.day()),
                context=self,
                then=then,
                failed=failed,
            )
        )


class ResumeDialog(FormDialog):
    """A reason to go on."""

    def __init__(self, services: WindowServices, parent: QWidget, focus: ItemInFocus) -> None:
        item = focus.facts.file.item
        super().__init__(
            services,
            parent,
            title=message("Resume {number}", number=item.number),
            text=item.title,
            verb=message("Resume"),
            icon="resume",
        )
        self.reason = text_area(rows=3)
        why = self.add_field(message("&Reason"), self.reason, required=True)
        self.demand(why, lambda: bool(self.reason.toPlainText().strip()), message("Say why."))
        self.keep_drafts(form_place("item.resume", item.id), reason=self.reason)
        self.on_submit(
            lambda then, failed: services.workspace.perform(
                ResumeItem(item=item.id, reason=self.reason.toPlainText().strip()),
                context=self,
                then=then,
                failed=failed,
            )
        )


class AssignDialog(FormDialog):
    """Who owns the item from now on."""

    def __init__(self, services: WindowServices, parent: QWidget, focus: ItemInFocus) -> None:
        facts = focus.facts
        item = facts.file.item
        super().__init__(
            services,
            parent,
            title=message("Assign {number}", number=item.number),
            text=message("The owner carries the work; where the process separates duties, owners do not approve."),
            verb=message("Assign"),
            icon="assign",
        )
        people = tuple((each, facts.names[each]) for each in sorted(facts.active, key=facts.names.__getitem__))
        self.person = ChoiceEditor(people)
        self.person.show_value(item.owner)
        who = self.add_field(message("&Owner"), self.person, required=True)
        self.demand(who, lambda: bool(self.person.value()), message("Choose a person."))
        self.keep_drafts(form_place("item.assign", item.id), person=self.person)
        self.on_submit(
            lambda then, failed: services.workspace.perform(
                AssignItem(item=item.id, person=self.person.value()), context=self, then=then, failed=failed
            )
        )


class NewItemDialog(FormDialog):
    """The few values an item begins with; the rest is filled in on its page."""

    def __init__(self, services: WindowServices, parent: QWidget) -> None:
        super().__init__(
            services,
            parent,
            title=message("New item"),
            text=message("It gets its number when it is recorded, and begins at the first step of the process."),
            verb=message("Create item"),
            icon="new",
        )
        session = services.workspace.session
        assert session is not None, "a new item was asked for without an open vault"
        self.process = choice(tuple((each.id, each.title) for each in session.processes))
        self.title, self.description = QLineEdit(), text_area(rows=3)
        severities = session.processes[0].severities
        self.severity = ChoiceEditor(tuple((each, each.capitalize()) for each in severities))
        self.due = DayEdit()
        self.owner = ChoiceEditor(tuple((each.id, each.name) for each in session.people if each.state == "active"))
        which = self.add_field(message("&Process"), self.process)
        which.setVisible(len(session.processes) > 1)
        named = self.add_field(message("&Title"), self.title, required=True)
        self.add_field(message("&Description"), self.description)
        self.add_field(message("&Severity"), self.severity)
        self.add_field(message("D&ue"), self.due)
        self.add_field(message("&Owner"), self.owner)
        self.demand(named, lambda: bool(self.title.text().strip()), message("An item needs a title."))
        self.keep_drafts(
            form_place("item.new"),
            process=self.process,
            title=self.title,
            description=self.description,
            severity=self.severity,
            due=self.due,
            owner=self.owner,
        )
        self.on_submit(
            lambda then, failed: services.workspace.perform(
                CreateItem(process=self.process.currentData(), fields=self.fields()),
                context=self,
                then=then,
                failed=failed,
            )
        )
        self.title.setFocus()

    def fields(self) -> dict[str, str]:
        """What was filled in."""
        typed = {
            "title": self.title.text().strip(),
            "description": self.description.toPlainText().strip(),
            "severity": self.severity.value(),
            "due": self.due.day(),
            "owner": self.owner.value(),
        }
        return {field: value for field, value in typed.items() if value}


class AddEvidenceDialog(FormDialog):
    """Which requirement a chosen file answers."""

    def __init__(
        self, services: WindowServices, parent: QWidget, focus: ItemInFocus, path: Path, *, requirement: str = ""
    ) -> None:
        item = focus.facts.file.item
        super().__init__(
            services,
            parent,
            title=message("Add evidence to {number}", number=item.number),
            text=message("The file is kept encrypted in the vault and named by its SHA-256. Earlier files stay."),
            verb=message("Add evidence"),
            icon="evidence",
        )
        requirements: tuple[EvidenceRequirement, ...] = focus.facts.process.evidence
        size = size_text(path.stat().st_size) if path.exists() else ""
        self.form.addWidget(label(f"{path.name}   {size}", type_="strong", wrap=True))
        self.requirement = choice(tuple((each.id, each.title) for each in requirements))
        self.requirement.setCurrentIndex(max(self.requirement.findData(requirement), 0))
        self.note = QLineEdit()
        self.add_field(message("&Stands for"), self.requirement)
        self.add_field(message("&Note"), self.note)
        workspace = services.workspace

        self.keep_drafts(form_place("evidence.add", item.id), requirement=self.requirement, note=self.note)
        self.on_submit(
            lambda then, failed: services.tasks.run(
                lambda: workspace.application.incoming_file(path),
                context=self,
                failed=failed,
                then=lambda file: workspace.perform(
                    AddEvidence(
                        item=item.id,
                        requirement=self.requirement.currentData(),
                        file=file.sha256,
                        size=file.size,
                        file_name=path.name,
                        media_type=workspace.application.media_type_of(path),
                        note=self.note.text().strip(),
                    ),
                    context=self,
                    then=then,
                    failed=failed,
                    files=(file,),
                ),
            )
        )


class ReviewDialog(FormDialog):
    """Accept a file, or reject it with a note."""

    def __init__(self, services: WindowServices, parent: QWidget, focus: ItemInFocus, evidence: Evidence) -> None:
        facts = focus.facts
        requirement = facts.process.requirement(evidence.requirement)
        asked = requirement.title if requirement else evidence.requirement
        super().__init__(
            services,
            parent,
            title=message("Review evidence"),
            text=message("A judgement is final; a new revision of the file gets a new one."),
            verb=message("Accept"),
            icon="closed",
        )
        added = facts.names.get(evidence.added_by, evidence.added_by)
        self.form.addWidget(label(evidence.file_name, type_="strong", wrap=True))
        self.form.addWidget(label(message("For: {asked}", asked=asked), wrap=True))
        self.form.addWidget(label(message("Added by {added}", added=added), muted=True))
        self.form.addWidget(label(evidence.file, type_="mono", wrap=True, select=True))
        self.note = text_area(rows=2)
        self._note_row = self.add_field(message("&Note"), self.note, hint=message("A rejection needs one."))
        self._accept = True
        self.refuse = button(message("Reject"), self._on_reject, icons=services.icons, icon="reject")
        self.buttons.insertWidget(1, self.refuse)
        self.demand(
            self._note_row,
            lambda: self._accept or bool(self.note.toPlainText().strip()),
            message("Say what is wrong with the file."),
        )
        self.keep_drafts(form_place("evidence.review", f"{facts.file.item.id}/{evidence.id}"), note=self.note)
        self.on_submit(
            lambda then, failed: services.workspace.perform(
                ReviewEvidence(
                    item=facts.file.item.id,
                    evidence=evidence.id,
                    accept=self._accept,
                    note=self.note.toPlainText().strip(),
                ),
                context=self,
                then=then,
                failed=failed,
            )
        )
        self.verb.clicked.disconnect()
        self.verb.clicked.connect(self._on_accept)

    def _on_accept(self) -> None:
        self._accept = True
        self.submit()

    def _on_reject(self) -> None:
        self._accept = False
        self.submit()


def obstacle_text(obstacles: tuple[Obstacle, ...]) -> str:
    """Obstacles as lines: what stands in the way, the remedy, who."""
    return "\n".join(
        f"• {each.text} {each.remedy}" + (f" ({each.responsible})" if each.responsible else "") for each in obstacles
    )


def _step_title(process: ProcessVersion, step: str) -> str:
    found = process.step(step)
    return found.title if found else step
