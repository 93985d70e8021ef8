"""The process designer: every version of every process, and the draft under the hands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QSplitter,
    QWidget,
)

from domain.commands.command import Command
from domain.commands.items import CreateItem
from domain.commands.process_versions import DraftProcess, EditDraft
from domain.errors import CountersignError
from domain.log.entry import Entry
from domain.messages import message
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.process.drafting import PartNode, at, skeleton, tree, word_of
from domain.process.states import state_at
from domain.records.governance import VersionDraft
from domain.records.people import ProcessVersionRecord
from domain.session import Session
from domain.simulation.prove_draft import ProveDraft
from ui.dialogs.choose_file import ask_target
from ui.screens.designer.draft_document import DraftDocument
from ui.screens.designer.new_process import NewProcessDialog
from ui.screens.designer.part_form import PartForm
from ui.screens.designer.parts_tree import PartsTree
from ui.screens.designer.proofs import ProofTabs
from ui.widgets.buttons import button
from ui.widgets.layout import bar, column, row, scrolled
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import version_state_word

PAUSE_MS = 250
"""After the last key, before the draft is judged again."""
OF_CHANGES = "process_change"


class DesignerScreen(QWidget):
    """Left the parts as a tree, in the middle the form of one, below diagram, problems, scenarios, changes, trial."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self.draft = DraftDocument(self)
        self._records: tuple[ProcessVersionRecord, ...] = ()
        self._shown = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._judge)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self.bar = MessageBar(services.icons)
        down.addWidget(self.bar)
        self.parts = PartsTree()
        self.parts.currentItemChanged.connect(lambda _now, _before: self._on_part_chosen())
        self.form = PartForm()
        self.form.edited.connect(self._on_edited)
        middle = QWidget()
        beside = column(middle, margin=2, gap=1)
        beside.addLayout(self._build_part_buttons())
        beside.addWidget(scrolled(self.form), 1)
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(self.parts)
        upper.addWidget(middle)
        upper.setStretchFactor(1, 2)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.addWidget(upper)
        self.proofs = ProofTabs(services)
        self.proofs.pointed.connect(self.parts.choose)
        self.proofs.kept.connect(self._on_trial_kept)
        self.proofs.diagram.placed.connect(self._on_placed)
        self._split.addWidget(self.proofs)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self._split.setSizes([380, 240])
        down.addWidget(self._split, 1)
        self.draft.changed.connect(self._on_changed)
        self.draft.reshaped.connect(self._on_reshaped)
        services.workspace.session_changed.connect(self.refresh)
        services.actions["designer.new"].triggered.connect(lambda _checked=False: self._on_new())
        for keys, press in (
            ("Ins", self.add),
            ("Del", self.remove),
            ("Ctrl+Up", self.up),
            ("Ctrl+Down", self.down_),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.parts)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(press.click)
            press.setToolTip(keys)
        rename = QShortcut(QKeySequence("F2"), self.parts)
        rename.setContext(Qt.ShortcutContext.WidgetShortcut)
        rename.activated.connect(self._on_rename)
        self._enable()

    # --- the library ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask the vault again which versions there are."""
        workspace = self._services.workspace
        if not workspace.is_open:
            self._records = ()
            self.versions.clear()
            self.draft.load({}, on_record=True)
            self._shown = ""
            return
        vault = workspace.vault
        self._services.tasks.run(lambda: _read(vault), context=self, then=self._on_read)

    def focus_content(self) -> None:
        """Put the cursor into the parts."""
        (self.parts if self.draft.document else self.versions).setFocus()

    def open_version(self, version: str) -> None:
        """Show a version by its id."""
        self.versions.setCurrentIndex(self.versions.findData(version))

    def _on_read(self, records: tuple[tuple[ProcessVersionRecord, str], ...]) -> None:
        self._records = tuple(record for record, _ in records)
        here = self._shown
        self.versions.blockSignals(True)
        self.versions.clear()
        for record, state in records:
            title = json.loads(record.definition).get("title", record.process)
            words = message(
                "{title}, version {version} ({state})",
                title=title,
                version=record.version,
                state=version_state_word(state),
            )
            self.versions.addItem(words, record.id)
        self.versions.blockSignals(False)
        if here and not self.draft.is_dirty:
            self.versions.setCurrentIndex(self.versions.findData(here))
        if not self._shown and records:
            self._show_chosen()
        self._enable()

    def _show_chosen(self) -> None:
        record = self._record(self.versions.currentData() or "")
        if record is None:
            return
        self._shown = record.id
        self.draft.load(json.loads(record.definition), on_record=True)
        self.proofs.begin(self._whole())

    def _record(self, version: str) -> ProcessVersionRecord | None:
        return next((each for each in self._records if each.id == version), None)

    @property
    def is_draft(self) -> bool:
        """Whether what is shown may be changed here."""
        record = self._record(self._shown)
        return (record is None and bool(self.draft.document)) or (record is not None and record.state == "draft")

    # --- the bar ----------------------------------------------------------------------------------

    def _build_bar(self) -> QWidget:
        top = bar()
        across = row(top, margin=3, gap=2)
        across.addWidget(label(message("Processes"), type_="title"))
        self.versions = QComboBox()
        self.versions.setAccessibleName(message("Version"))
        self.versions.setMinimumContentsLength(26)
        self.versions.currentIndexChanged.connect(lambda _index: self._show_chosen())
        across.addWidget(self.versions)
        icons = self._services.icons
        self.new = button(message("New process…"), self.begin_process, icons=icons, icon="new")
        self.next = button(message("New draft"), self.begin_draft, icons=icons, icon="new")
        self.back = button(message("Undo"), self.draft.undo)
        self.again = button(message("Redo"), self.draft.redo)
        self.export = button(message("Export…"), self._on_export, icons=icons, icon="save")
        self.save = button(message("Save draft"), self.save_draft, icons=icons, icon="save", primary=True)
        self.propose = button(message("Propose…"), self.propose_version, icons=icons, icon="sign")
        for each in (self.new, self.next, self.back, self.again):
            across.addWidget(each)
        across.addStretch(1)
        for each in (self.export, self.propose, self.save):
            across.addWidget(each)
        return top

    def begin_process(self) -> NewProcessDialog:
        """Ask how a new process is called, then show its skeleton."""
        dialog = NewProcessDialog(self._services, self)
        dialog.named.connect(self._on_named)
        dialog.open()
        return dialog

    def _on_new(self) -> None:
        self._services.workspace.go("designer")
        self.begin_process()

    def _on_named(self, title: str, prefix: str, role: str) -> None:
        taken = frozenset(each.process for each in self._records)
        self._shown = ""
        id_ = word_of(title, taken)
        self.versions.blockSignals(True)
        self.versions.setCurrentIndex(-1)
        self.versions.setPlaceholderText(message("{title}, not on record yet", title=title))
        self.versions.blockSignals(False)
        self.draft.load(skeleton(id_=id_, title=title, prefix=prefix, role=word_of(role)), on_record=False)
        self._enable()

    def begin_draft(self) -> None:
        """Draft the next version of the process shown."""
        process = self.draft.document.get("id", "")
        self._put_on_record(DraftProcess(process=process))

    def save_draft(self) -> None:
        """Put the draft on record: a new one, or its next revision."""
        text = self.draft.text()
        if self._record(self._shown) is None:
            self._put_on_record(DraftProcess(process=self.draft.document["id"], definition=text))
        else:
            self._put_on_record(EditDraft(version=self._shown, definition=text))

    def propose_version(self) -> None:
        """Run the scenarios, put the outcome on record, and begin the process change that carries it."""
        workspace, version = self._services.workspace, self._shown
        vault, title = workspace.vault, self.draft.document.get("title", "")
        words = message("Put {title} in force", title=title)

        def work() -> Entry:
            record = vault.register.process_version(version)
            tested = next(each for each in vault.register.all_of(VersionDraft) if each.id == version).tested
            if tested != record.sha256:
                vault.perform(ProveDraft(version=version))
            fields = {"title": words, "version": version}
            return vault.perform(CreateItem(process=OF_CHANGES, fields=fields))

        workspace.change(
            work,
            context=self,
            then=lambda entry: workspace.open_item(entry.header.subject),
            failed=self.bar.show_error,
        )

    def _put_on_record(self, command: Command) -> None:
        self._services.workspace.perform(command, context=self, then=self._on_recorded, failed=self.bar.show_error)

    def _on_recorded(self, entry: Entry) -> None:
        self._shown = entry.header.subject
        self.draft.recorded()
        vault = self._services.workspace.vault

        def shown(records: tuple[tuple[ProcessVersionRecord, str], ...]) -> None:
            self._on_read(records)
            self._show_chosen()
            self.bar.announce(message("The draft is on record."), tone="done")

        self._services.tasks.run(lambda: _read(vault), context=self, then=shown)

    def _on_export(self) -> None:
        version = self._whole()
        if version is not None:
            ask_target(
                self,
                title=message("Export the process"),
                name=f"{version.id}-{version.version}.svg",
                patterns=message("Picture, diagram or data (*.svg *.bpmn *.json)"),
                then=self.export_to,
            )

    def export_to(self, out: Path) -> None:
        """Write the version shown as SVG, BPMN 2.0 or JSON, by the ending of the name; on record."""
        version = self._whole()
        if version is None:
            return
        kind = out.suffix.removeprefix(".").lower() or "svg"
        workspace = self._services.workspace
        vault, application = workspace.vault, workspace.application

        def work() -> bool:
            data = application.process_file(version, kind)
            return vault.documents.give_out(data, kind="process", name=out.name, purpose=version.name, out=out)

        def done(_on_record: bool) -> None:  # noqa: FBT001 (the worker hands over one plain answer)
            workspace.renew()
            self.bar.announce(message("Saved: {out}", out=out), tone="done")

        self._services.tasks.run(work, context=self, then=done, failed=self.bar.show_error)

    # --- the parts --------------------------------------------------------------------------------

    def _build_part_buttons(self) -> Any:
        across = row(gap=1)
        icons = self._services.icons
        self.add = button(message("Add"), self._on_add, icons=icons, icon="new")
        self.remove = button(message("Remove"), self._on_remove)
        self.up = button(message("Up"), lambda: self._on_move(-1))
        self.down_ = button(message("Down"), lambda: self._on_move(1))
        for each in (self.add, self.remove, self.up, self.down_):
            across.addWidget(each)
        across.addStretch(1)
        return across

    def node(self) -> PartNode | None:
        """The part under the cursor."""
        path = self.parts.path()
        return next((each for each in tree(self.draft.document) if each.path == path), None)

    def _on_reshaped(self) -> None:
        self.parts.show_nodes(tree(self.draft.document) if self.draft.document else ())
        self._on_part_chosen()
        self._draw()
        self._on_changed()

    def _on_part_chosen(self) -> None:
        node = self.node()
        if node is not None and node.kind == "part":
            self.form.show_part(at(self.draft.document, node.path) or {}, node.struct, self.draft.document)
        else:
            self.form.show_part({}, _NOTHING, {})
        self.form.setEnabled(self.is_draft)
        if node is not None and node.path.startswith("steps["):
            step = at(self.draft.document, node.path.partition("]")[0] + "]") or {}
            self.proofs.diagram.choose(step.get("id", ""))
        self._enable()

    def _on_edited(self, name: str, value: object) -> None:
        node = self.node()
        if node is not None:
            self.draft.put(f"{node.path}.{name}" if node.path else name, value)

    def _on_changed(self) -> None:
        node, item = self.node(), self.parts.currentItem()
        if node is not None and item is not None:
            item.setText(0, node.words)
        self._pause.start()
        self._enable()

    def _on_add(self) -> None:
        node = self.node()
        if node is None:
            return
        if node.kind == "optional":
            self.draft.put_rule(node.path, node.struct)
            self.parts.choose(node.path)
            return
        path = node.path if node.kind == "list" else node.path.rpartition("[")[0]
        struct = node.struct
        if path:
            self.parts.choose(self.draft.add(path, struct))
            self.form.setFocus()
            for editor in self.form.fields.values():
                editor.setFocus()
                break

    def _on_remove(self) -> None:
        node = self.node()
        if node is not None and node.path:
            self.draft.remove(node.path)

    def _on_move(self, by: int) -> None:
        node = self.node()
        if node is not None and node.path.endswith("]"):
            self.parts.choose(self.draft.move(node.path, by))

    def _on_rename(self) -> None:
        """Into the title of the part under the cursor, or its first field."""
        fields = self.form.fields
        field = fields.get("title") or next(iter(fields.values()), None)
        if field is not None and self.form.isEnabled():
            field.setFocus()

    def _on_placed(self, step: str, place: str) -> None:
        """A step was put somewhere in the diagram, or let go: that is part of the draft."""
        steps = self.draft.document.get("steps", ())
        number = next((n for n, each in enumerate(steps) if each.get("id") == step), None)
        if number is not None and self.is_draft:
            self.draft.put(f"steps[{number}].place", place)
            self._draw()

    def _draw(self) -> None:
        self.proofs.diagram.show_version(self.draft.version())

    def _judge(self) -> None:
        self.proofs.judge(self.draft.version(), self._whole(), self._records)

    def _on_trial_kept(self, scenario: Any) -> None:
        self.draft.put("scenarios", [*self.draft.document.get("scenarios", ()), scenario])
        self._pause.stop()
        self._judge()
        self.proofs.trial.start(self._whole())

    def _whole(self) -> ProcessVersion | None:
        try:
            return decode_process(self.draft.text())
        except CountersignError:
            return None

    def _enable(self) -> None:
        node, draft = self.node(), self.is_draft
        there = bool(self.draft.document)
        recorded = self._record(self._shown) is not None
        self.new.setEnabled(self._services.workspace.is_open)
        self.next.setEnabled(there and recorded and not draft)
        self.back.setEnabled(draft and self.draft.can_undo)
        self.again.setEnabled(draft and self.draft.can_redo)
        self.save.setEnabled(draft and self.draft.is_dirty)
        self.propose.setEnabled(draft and recorded and not self.draft.is_dirty)
        self.export.setEnabled(there)
        listed = node is not None and (node.kind != "part" or node.path.endswith("]"))
        self.add.setEnabled(draft and listed)
        self.remove.setEnabled(draft and node is not None and bool(node.path) and node.kind == "part")
        for each in (self.up, self.down_):
            each.setEnabled(draft and node is not None and node.path.endswith("]"))


class _Nothing(msgspec.Struct):
    """A part without members, for places that have no form."""


_NOTHING = _Nothing


def _read(vault: Session) -> tuple[tuple[ProcessVersionRecord, str], ...]:
    records, at_ = vault.register.process_versions(), vault.actor().at
    described = [(each, state_at(each, records, at_)) for each in records]
    return tuple(sorted(described, key=lambda each: (each[1] == "retired", each[0].process, -each[0].version)))
