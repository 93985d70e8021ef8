"""A process version as BPMN 2.0 with its diagram, for any tool that draws processes."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from desktop.bpmn.names import DC, DI, DIAGRAM, MODEL, STEP, model
from domain.messages import message
from domain.process.definition import Gate, ProcessVersion
from domain.process.layout import Diagram, Edge, Node, lay_out

_KINDS = {
    "step": "userTask",
    "closed": "task",
    "start": "startEvent",
    "end": "endEvent",
    "gateway": "exclusiveGateway",
}


def write_bpmn(version: ProcessVersion) -> bytes:
    """The version as BPMN 2.0 XML: steps are tasks, transitions are flows with their gates in words, and where
    transitions part there is an exclusive gateway. Its diagram is that of `domain.process.layout`.
    """
    for prefix, uri in (("bpmn", MODEL), ("bpmndi", DIAGRAM), ("dc", DC), ("di", DI)):
        ET.register_namespace(prefix, uri)
    diagram = lay_out(version, marks=True)
    root = ET.Element(
        model("definitions"),
        {"id": f"Definitions_{version.id}", "targetNamespace": f"urn:countersign:process:{version.id}"},
    )
    process = ET.SubElement(
        root, model("process"), {"id": _process_id(version), "name": version.name, "isExecutable": "false"}
    )
    _documented(process, f"{version.objective}\n\n{version.scope}")
    for node in diagram.nodes:
        _node(process, node, diagram, version)
    for edge in diagram.edges:
        _flow(process, edge, version)
    plane = ET.SubElement(
        ET.SubElement(root, f"{{{DIAGRAM}}}BPMNDiagram", {"id": "Diagram"}),
        f"{{{DIAGRAM}}}BPMNPlane",
        {"id": "Plane", "bpmnElement": _process_id(version)},
    )
    for node in diagram.nodes:
        _shape(plane, node)
    for edge in diagram.edges:
        _line(plane, edge)
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _process_id(version: ProcessVersion) -> str:
    return f"Process_{version.id}"


def _node_id(node: str) -> str:
    if node.startswith("from."):
        return f"Gateway_{node.removeprefix('from.')}"
    return {"start": message("Start"), "end": message("End")}.get(node, f"{STEP}{node}")


def _edge_id(edge: Edge) -> str:
    return f"Flow_{_node_id(edge.source)}_{_node_id(edge.target)}"


def _node(process: ET.Element, node: Node, diagram: Diagram, version: ProcessVersion) -> None:
    attributes = {"id": _node_id(node.id)} | ({"name": node.title} if node.title else {})
    element = ET.SubElement(process, model(_KINDS[node.kind]), attributes)
    step = version.step(node.id) if node.kind in ("step", "closed") else None
    if step is not None:
        times = message("{sla_days} working days", sla_days=step.sla_days) if step.sla_days else ""
        lines = (step.help, message("Responsible: {role}", role=version.role_title(step.responsible)), times)
        _documented(element, "\n".join(line for line in lines if line))
    for edge in diagram.edges:
        if edge.target == node.id:
            ET.SubElement(element, model("incoming")).text = _edge_id(edge)
    for edge in diagram.edges:
        if edge.source == node.id:
            ET.SubElement(element, model("outgoing")).text = _edge_id(edge)


def _flow(process: ET.Element, edge: Edge, version: ProcessVersion) -> None:
    attributes = {"id": _edge_id(edge), "sourceRef": _node_id(edge.source), "targetRef": _node_id(edge.target)}
    element = ET.SubElement(process, model("sequenceFlow"), attributes | ({"name": edge.title} if edge.title else {}))
    gate = version.gate(edge.transition) if edge.transition else None
    if gate is not None:
        _documented(element, gate_words(version, edge.transition, gate))


def gate_words(version: ProcessVersion, transition: str, gate: Gate) -> str:
    """A gate in words: what it demands, line by line; "" for a gate that demands nothing."""
    lines = []
    fields = version.required_fields(transition)
    if fields:
        lines.append(message("Fields: {list}", list=", ".join(version.title_of(field) for field in fields)))
    lines += [condition.text for condition in gate.conditions]
    titles = [found.title for name in gate.evidence if (found := version.requirement(name))]
    if titles:
        lines.append(message("Evidence: {list}", list=", ".join(titles)))
    lines += [
        message(
            "Signature {level}, {role}: {meaning}",
            level=each.level,
            role=version.role_title(each.role),
            meaning=each.meaning,
        )
        for each in gate.approvals
    ]
    return "\n".join(lines)


def _documented(element: ET.Element, text: str) -> None:
    if text.strip():
        ET.SubElement(element, model("documentation")).text = text.strip()


def _shape(plane: ET.Element, node: Node) -> None:
    attributes = {"id": f"Shape_{_node_id(node.id)}", "bpmnElement": _node_id(node.id)}
    if node.kind == "gateway":
        attributes["isMarkerVisible"] = "true"
    shape = ET.SubElement(plane, f"{{{DIAGRAM}}}BPMNShape", attributes)
    bounds = {"x": node.x, "y": node.y, "width": node.w, "height": node.h}
    ET.SubElement(shape, f"{{{DC}}}Bounds", {name: str(value) for name, value in bounds.items()})


def _line(plane: ET.Element, edge: Edge) -> None:
    line = ET.SubElement(
        plane, f"{{{DIAGRAM}}}BPMNEdge", {"id": f"Line_{_edge_id(edge)}", "bpmnElement": _edge_id(edge)}
    )
    for x, y in edge.points:
        ET.SubElement(line, f"{{{DI}}}waypoint", {"x": str(x), "y": str(y)})
    if edge.title:
        width, height = max(len(edge.title) * 6, 20), 14
        bounds = {"x": edge.label[0] - width // 2, "y": edge.label[1] - height // 2, "width": width, "height": height}
        label = ET.SubElement(line, f"{{{DIAGRAM}}}BPMNLabel")
        ET.SubElement(label, f"{{{DC}}}Bounds", {name: str(value) for name, value in bounds.items()})
