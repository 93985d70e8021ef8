"""Where the boxes and lines of a process stand: pure coordinates, for the designer, for SVG and for BPMN.

Steps stand in columns, each to the right of all steps that lead to it forwards; the order of the steps in the
definition says which way is forwards. Transitions to the next column go straight, transitions that skip columns run in
lanes above the boxes, transitions back in lanes below. Units are pixels, y grows downwards; the same version gives the
same diagram every time. Steps that a person pinned stand where they were put; the others stay where they would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from domain.process.definition import ProcessVersion
from domain.process.layout_pins import pinned_at

STEP_WIDTH: Final = 168
STEP_HEIGHT: Final = 64
MARK: Final = 36
"""Side of start and end events; gateways are a little larger."""
GATEWAY: Final = 50
MARGIN: Final = 24
COLUMN_GAP: Final = 132
ROW_GAP: Final = 48
LANE: Final = 30
"""Between two lanes, so that each has room for its words."""

NodeKind = Literal["step", "closed", "start", "end", "gateway"]
Point = tuple[int, int]


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A box: its id (a step's, or a made one), its upper left corner, its size and its words."""

    id: str
    x: int
    y: int
    w: int
    h: int
    title: str
    kind: NodeKind


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """A line from box to box: `points` from end to end with right angles, and where its words stand (their middle).

    `id` is the transition's, or a made one; `transition` is "" for lines that only join marks to boxes.
    """

    id: str
    source: str
    target: str
    transition: str
    title: str
    points: tuple[Point, ...]
    label: Point


class Diagram(msgspec.Struct, frozen=True, kw_only=True):
    """A drawn process; everything lies within `width` and `height`."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int

    def node(self, node: str) -> Node:
        """The box of that id."""
        return next(each for each in self.nodes if each.id == node)


class _Box(msgspec.Struct, frozen=True):
    id: str
    title: str
    kind: NodeKind
    w: int = STEP_WIDTH
    h: int = STEP_HEIGHT


class _Line(msgspec.Struct, frozen=True):
    id: str
    source: str
    target: str
    title: str = ""
    transition: str = ""


def lay_out(version: ProcessVersion, *, marks: bool = False) -> Diagram:
    """The diagram of a version. `marks` adds what BPMN wants: start, end, and a gateway where transitions part."""
    boxes, lines = _graph(version, marks=marks)
    order = {box.id: number for number, box in enumerate(boxes)}
    known = [line for line in lines if line.source in order and line.target in order]
    ranks = _ranks(boxes, known, order)
    columns = _columns(boxes, known, ranks, order)
    pins = {step.id: pin for step in version.steps if (pin := pinned_at(step.place)) is not None}
    return _drawn(boxes, known, columns, _Pinned(ranks, pins))


def _graph(version: ProcessVersion, *, marks: bool) -> tuple[list[_Box], list[_Line]]:
    closed = version.closure.step
    boxes: list[_Box] = []
    lines: list[_Line] = []
    for step in version.steps:
        boxes.append(_Box(step.id, step.title, "closed" if step.id == closed else "step"))
        transitions = version.from_step(step.id)
        leaves = step.id
        if marks and len(transitions) > 1:
            leaves = f"from.{step.id}"
            boxes.append(_Box(leaves, "", "gateway", GATEWAY, GATEWAY))
            lines.append(_Line(f"{step.id}.out", step.id, leaves))
        lines += [
            _Line(transition.id, leaves, transition.target, transition.title, transition.id)
            for transition in transitions
        ]
    if marks and version.steps:
        boxes.insert(0, _Box("start", "", "start", MARK, MARK))
        boxes.append(_Box("end", "", "end", MARK, MARK))
        lines.insert(0, _Line("start.out", "start", version.first_step))
        lines.append(_Line("end.in", closed, "end"))
    return boxes, lines


def _ranks(boxes: Iterable[_Box], lines: Iterable[_Line], order: Mapping[str, int]) -> dict[str, int]:
    """The column of each box: one to the right of the farthest box that leads to it forwards."""
    ranks = {box.id: 0 for box in boxes}
    forwards = [line for line in lines if order[line.source] < order[line.target]]
    for line in sorted(forwards, key=lambda each: (order[each.source], order[each.target])):
        ranks[line.target] = max(ranks[line.target], ranks[line.source] + 1)
    return ranks


def _columns(
    boxes: list[_Box], lines: list[_Line], ranks: Mapping[str, int], order: Mapping[str, int]
) -> list[list[_Box]]:
    """The boxes of each column from top to bottom, near the boxes they are joined to."""
    columns: list[list[_Box]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for box in boxes:
        columns[ranks[box.id]].append(box)
    rows = {box.id: float(row) for column in columns for row, box in enumerate(column)}
    for _ in range(4):
        for column in columns:
            weights = {box.id: _middle(box.id, lines, rows) for box in column}
            column.sort(key=lambda box: (weights[box.id], order[box.id]))
            rows |= {box.id: float(row) for row, box in enumerate(column)}
    return columns


def _middle(box: str, lines: Iterable[_Line], rows: Mapping[str, float]) -> float:
    near = [rows[line.target] for line in lines if line.source == box]
    near += [rows[line.source] for line in lines if line.target == box]
    return sum(near) / len(near) if near else rows[box]


class _Pinned(msgspec.Struct, frozen=True):
    """The column of each box, and where those stand that a person has pinned."""

    ranks: Mapping[str, int]
    pins: Mapping[str, Point]


def _drawn(boxes: list[_Box], lines: list[_Line], columns: list[list[_Box]], pinned: _Pinned) -> Diagram:
    ranks = pinned.ranks
    above = _lanes([line for line in lines if ranks[line.target] > ranks[line.source] + 1], ranks)
    below = _lanes([line for line in lines if ranks[line.target] <= ranks[line.source]], ranks)
    top = MARGIN + LANE * (max(above.values(), default=-1) + 1)
    tallest = max((len(column) for column in columns), default=0)
    full = tallest * STEP_HEIGHT + max(tallest - 1, 0) * ROW_GAP
    nodes: dict[str, Node] = {}
    x = MARGIN
    for column in columns:
        width = max(box.w for box in column)
        y = top + (full - len(column) * STEP_HEIGHT - (len(column) - 1) * ROW_GAP) // 2
        for box in column:
            nodes[box.id] = Node(
                id=box.id,
                x=x + (width - box.w) // 2,
                y=y + (STEP_HEIGHT - box.h) // 2,
                w=box.w,
                h=box.h,
                title=box.title,
                kind=box.kind,
            )
            y += STEP_HEIGHT + ROW_GAP
        x += width + COLUMN_GAP
    for step, (left, upper) in pinned.pins.items():
        nodes[step] = msgspec.structs.replace(nodes[step], x=left, y=upper)
    farthest = max((node.x + node.w for node in nodes.values()), default=0)
    lowest = max((node.y + node.h for node in nodes.values()), default=0)
    foot = max(top + full, lowest) + LANE
    plan = _Plan(lines, nodes, above, below, top, foot)
    return Diagram(
        nodes=tuple(nodes[box.id] for box in boxes),
        edges=tuple(_edge(line, plan) for line in lines),
        width=max(x - COLUMN_GAP, MARGIN, farthest) + MARGIN,
        height=foot + LANE * (max(below.values(), default=-1) + 1) + MARGIN,
    )


def _lanes(lines: list[_Line], ranks: Mapping[str, int]) -> dict[str, int]:
    """A lane for each line; lines whose columns overlap get different lanes, short ones the nearest."""
    taken: list[list[tuple[int, int]]] = []
    found: dict[str, int] = {}
    for line in sorted(lines, key=lambda each: (abs(ranks[each.source] - ranks[each.target]), each.id)):
        ends = sorted((ranks[line.source], ranks[line.target]))
        span = (ends[0], ends[1])
        lane = next(
            (n for n, spans in enumerate(taken) if all(span[1] < a or b < span[0] for a, b in spans)), len(taken)
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append(span)
        found[line.id] = lane
    return found


class _Plan(msgspec.Struct, frozen=True):
    """What a line has to know of the others: where boxes stand, and which lanes are taken."""

    lines: list[_Line]
    nodes: Mapping[str, Node]
    above: Mapping[str, int]
    below: Mapping[str, int]
    top: int
    foot: int


def _edge(line: _Line, plan: _Plan) -> Edge:
    lines, above, below = plan.lines, plan.above, plan.below
    source, target = plan.nodes[line.source], plan.nodes[line.target]
    if line.id in below:
        points, label = _back(line, plan)
    else:
        y1 = _port(line, [each for each in lines if each.source == line.source and each.id not in below], source)
        y2 = _port(line, [each for each in lines if each.target == line.target and each.id not in below], target)
        x1, x2 = source.x + source.w, target.x
        number = [each.id for each in lines if each.source == line.source].index(line.id)
        bend = COLUMN_GAP // 4 + 12 * number
        if line.id in above:
            lane = plan.top - LANE // 2 - LANE * above[line.id]
            points = ((x1, y1), (x1 + bend, y1), (x1 + bend, lane), (x2 - bend, lane), (x2 - bend, y2), (x2, y2))
            label = ((x1 + x2) // 2, lane - 8)
        elif y1 == y2:
            points, label = ((x1, y1), (x2, y2)), ((x1 + x2) // 2, y1 - 8)
        else:
            points = ((x1, y1), (x2 - bend, y1), (x2 - bend, y2), (x2, y2))
            label = ((x1 + x2 - bend) // 2, y1 - 8)
    return Edge(
        id=line.id,
        source=line.source,
        target=line.target,
        transition=line.transition,
        title=line.title,
        points=points,
        label=label,
    )


def _back(line: _Line, plan: _Plan) -> tuple[tuple[Point, ...], Point]:
    """A transition back: down, along its lane, and up into the box; each has its own place at the foot of a box."""
    source, target = plan.nodes[line.source], plan.nodes[line.target]
    y = plan.foot + LANE * plan.below[line.id]
    x1, x2 = (_foot(line, [each for each in plan.lines if each.id in plan.below], node) for node in (source, target))
    points = ((x1, source.y + source.h), (x1, y), (x2, y), (x2, target.y + target.h))
    return points, ((x1 + x2) // 2, y - 8)


def _foot(line: _Line, back: list[_Line], node: Node) -> int:
    here = [each.id for each in back if node.id in (each.source, each.target)]
    return node.x + node.w * (here.index(line.id) + 1) // (len(here) + 1)


def _port(line: _Line, beside: list[_Line], node: Node) -> int:
    """The height at which a line leaves or meets a side of a box: several share it evenly."""
    if node.kind in ("start", "end", "gateway"):
        return node.y + node.h // 2
    here = [each.id for each in beside]
    return node.y + node.h * (here.index(line.id) + 1) // (len(here) + 1)
