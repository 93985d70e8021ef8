"""A BPMN 2.0 diagram of another tool as the draft of a process version. The file is hostile until it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree as ET

import msgspec
from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from desktop.bpmn.names import GATEWAYS, MODEL, PASSED_THROUGH, STEP, TASKS, model
from desktop.bpmn.skeleton import skeleton
from domain.errors import FileProblem
from domain.messages import message, plural_message
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion

MOST_BYTES: Final = 4_000_000
MOST_STEPS: Final = 120
MOST_FLOWS: Final = 600
_LONGEST_TITLE: Final = 120
_NOT_A_WORD: Final = re.compile(r"[^a-z0-9]+")


class BpmnReading(msgspec.Struct, frozen=True, kw_only=True):
    """A draft read from a diagram, and what of the diagram was not taken over."""

    version: ProcessVersion
    warnings: tuple[str, ...]


class _Transition(msgspec.Struct, frozen=True):
    source: str
    target: str
    title: str


def read_bpmn(data: bytes, *, process: str, base: ProcessVersion | None = None) -> BpmnReading:
    """The process that a diagram shows, as version 1 of `process` or as what `base` becomes by it: tasks are steps,
    flows between them (through gateways and events) are transitions. What `base` says of a step, a transition or a
    field stays.

    Raises:
        FileProblem: not BPMN, dangerous XML, too large, or without tasks.
        UsageProblem: what it shows cannot be a process: a step from which no transition leads to the end.
    """
    root = _parsed(data)
    processes = root.findall(model("process"))
    chosen = max(processes, key=lambda each: sum(_local(node) in TASKS for node in each), default=None)
    if chosen is None or not any(_local(node) in TASKS for node in chosen):
        raise FileProblem(
            message("The diagram has no process with tasks."), remedy=message("Export it as BPMN 2.0 XML.")
        )
    reader = _Reader(chosen, base)
    others = len(processes) - 1
    left_out = plural_message("{count} other pool was left out.", "{count} other pools were left out.", others)
    warnings = [left_out] if others > 0 else []
    version = reader.version(process)
    return BpmnReading(version=version, warnings=(*warnings, *reader.warnings))


def _parsed(data: bytes) -> ET.Element:
    if len(data) > MOST_BYTES:
        raise FileProblem(
            message("{count:,} bytes are too many for a diagram.", count=len(data)),
            remedy=message("Use up to {most_bytes:,}.", most_bytes=MOST_BYTES),
        )
    try:
        root: ET.Element = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as problem:
        raise FileProblem(
            message("The file holds entities or a document type, which no diagram needs."),
            remedy=message("Export it anew."),
        ) from problem
    except (ET.ParseError, ValueError, RecursionError) as problem:
        raise FileProblem(
            message("The file is not XML: {problem}.", problem=problem), remedy=message("Export it as BPMN 2.0 XML.")
        ) from problem
    if root.tag != model("definitions"):
        raise FileProblem(message("The file is XML, but not BPMN 2.0."), remedy=message("Export it as BPMN 2.0 XML."))
    return root


def _local(element: ET.Element) -> str:
    """The element's name in BPMN's own namespace, "" in any other."""
    prefix = f"{{{MODEL}}}"
    return element.tag.removeprefix(prefix) if element.tag.startswith(prefix) else ""


class _Reader:
    """One process element, read into steps and transitions."""

    def __init__(self, process: ET.Element, base: ProcessVersion | None) -> None:
        self.warnings: list[str] = []
        self._base = base
        self._process = process
        self._kinds = {node.get("id", ""): _local(node) for node in process if node.get("id")}
        self._names = {node.get("id", ""): _title(node) for node in process if node.get("id")}
        self._flows: dict[str, list[tuple[str, str]]] = {}
        flows = [node for node in process if _local(node) == "sequenceFlow"]
        tasks = [id_ for id_, kind in self._kinds.items() if kind in TASKS]
        if len(tasks) > MOST_STEPS or len(flows) > MOST_FLOWS:
            raise FileProblem(
                message(
                    "{count} tasks and {count_2} flows are too many for one process.",
                    count=len(tasks),
                    count_2=len(flows),
                ),
                remedy=message("Import a part of it."),
            )
        for flow in flows:
            self._flows.setdefault(flow.get("sourceRef", ""), []).append((flow.get("targetRef", ""), _title(flow)))
        self._steps = self._step_ids(tasks)
        self._warn()

    def version(self, process: str) -> ProcessVersion:
        """The draft that the element shows."""
        transitions, closed = self._transitions()
        order = self._order(transitions)
        steps = [
            {"id": self._steps[id_], "title": self._names[id_] or self._steps[id_], "lane": self._lanes().get(id_, "")}
            for id_ in order
        ]
        document = skeleton(
            process=process,
            title=self._process.get("name") or process,
            about=_documentation(self._process),
            steps=steps,
            transitions=[(transition.source, transition.target, transition.title) for transition in transitions],
            closed=closed,
            closed_title=self._closed_title(),
            base=self._base,
        )
        return decode_process(msgspec.json.encode(document))

    def _step_ids(self, tasks: list[str]) -> dict[str, str]:
        """A word for each task: that of our own export, else made of its name."""
        found: dict[str, str] = {}
        for task in tasks:
            own = task.removeprefix(STEP) if task.startswith(STEP) else ""
            word = _word(own or self._names[task] or task) or "step"
            number, unique = 1, word
            while unique in found.values():
                number += 1
                unique = f"{word[:36]}_{number}"
            found[task] = unique
        return found

    def _transitions(self) -> tuple[list[_Transition], str]:
        """The ways between steps, and the word of the closed step."""
        ends: list[tuple[str, str]] = []
        transitions: dict[tuple[str, str], _Transition] = {}
        for task, step in self._steps.items():
            for target, title in self._following(task):
                if target not in self._steps:
                    ends.append((step, title))
                elif target != task:
                    transitions.setdefault((step, self._steps[target]), _Transition(step, self._steps[target], title))
        last = {step for step, _ in ends}
        leaving = {transition.source for transition in transitions.values()}
        known = self._base.closure.step if self._base else "closed"
        if last == {known} and known not in leaving:
            return list(transitions.values()), known
        closed = "closed" if "closed" not in self._steps.values() else "ended"
        for step, title in ends:
            transitions.setdefault((step, closed), _Transition(step, closed, title))
        return list(transitions.values()), closed

    def _following(self, node: str) -> Iterator[tuple[str, str]]:
        """The tasks and ends that flows lead to from here, through gateways and events, with the flows' words."""
        waiting = [(target, title) for target, title in self._flows.get(node, ())]
        seen: set[str] = set()
        while waiting:
            target, title = waiting.pop(0)
            kind = self._kinds.get(target, "")
            if kind in TASKS or kind == "endEvent":
                yield target, title
            elif (kind in GATEWAYS or kind in PASSED_THROUGH) and target not in seen:
                seen.add(target)
                waiting += [(after, words or title) for after, words in self._flows.get(target, ())]

    def _order(self, transitions: list[_Transition]) -> list[str]:
        """The tasks from the start on, in the order they are reached; those nobody reaches come last."""
        by_word = {step: task for task, step in self._steps.items()}
        starts = [id_ for id_, kind in self._kinds.items() if kind == "startEvent"]
        first = [target for start in starts for target, _ in self._following(start) if target in self._steps]
        targets = {transition.target for transition in transitions}
        first = first or [task for task, step in self._steps.items() if step not in targets] or list(self._steps)
        if len(dict.fromkeys(first)) > 1:
            self.warnings.append(message("Work begins at one step; '{names}' was taken.", names=self._names[first[0]]))
        found: dict[str, None] = {}
        edge = first[:1]
        while edge:
            here = edge.pop(0)
            if here not in found:
                found[here] = None
                edge += [
                    by_word[w.target] for w in transitions if w.source == self._steps[here] and w.target in by_word
                ]
        return [*found, *(task for task in self._steps if task not in found)]

    def _lanes(self) -> dict[str, str]:
        """The lane of each task: who does it."""
        return {
            (reference.text or "").strip(): _title(lane)
            for lane in self._process.iter(model("lane"))
            for reference in lane.findall(model("flowNodeRef"))
        }

    def _closed_title(self) -> str:
        ends = [self._names[id_] for id_, kind in self._kinds.items() if kind == "endEvent" and self._names[id_]]
        return ends[0] if len(ends) == 1 else message("Closed")

    def _warn(self) -> None:
        kinds = list(self._kinds.values())
        if "parallelGateway" in kinds or "inclusiveGateway" in kinds:
            self.warnings.append(
                message("Transitions that run side by side became alternatives: an item stands at one step.")
            )
        if PASSED_THROUGH & set(kinds):
            self.warnings.append(
                message("Events on the way were left out; times and alerts are rules of the process here.")
            )
        if "boundaryEvent" in kinds:
            self.warnings.append(message("Events at the edge of tasks were left out."))
        if {"subProcess", "adHocSubProcess", "transaction", "callActivity"} & set(kinds):
            self.warnings.append(message("Subprocesses became one step each; what is inside was left out."))


def _title(element: ET.Element) -> str:
    return " ".join((element.get("name") or "").split())[:_LONGEST_TITLE]


def _word(text: str) -> str:
    word = _NOT_A_WORD.sub("_", text.lower()).strip("_")[:40]
    return word if not word or word[0].isalpha() else f"s_{word}"[:40]


def _documentation(element: ET.Element) -> str:
    found: Any = element.find(model("documentation"))
    return " ".join((found.text or "").split()) if found is not None else ""
