"""A process version as a picture, for papers and web pages: SVG without scripts, links or fonts of its own."""

from __future__ import annotations

from textwrap import wrap
from xml.etree import ElementTree as ET

from domain.process.definition import ProcessVersion
from domain.process.layout import Edge, Node, lay_out

SVG = "http://www.w3.org/2000/svg"
_INK, _LINE, _PRINTOUT, _CLOSED = "#1c1f24", "#5b6470", "#ffffff", "#eef2f6"
_CHARACTERS = 24
"""That fit into a box on one line."""


def draw_svg(version: ProcessVersion) -> bytes:
    """The steps of a version as boxes and its transitions as arrows, with their words."""
    ET.register_namespace("", SVG)
    diagram = lay_out(version)
    root = ET.Element(
        f"{{{SVG}}}svg",
        {
            "viewBox": f"0 0 {diagram.width} {diagram.height}",
            "width": str(diagram.width),
            "height": str(diagram.height),
            "font-family": "sans-serif",
            "font-size": "13",
            "role": "img",
        },
    )
    _add(root, "title", {}, version.name)
    for edge in diagram.edges:
        _line(root, edge)
    for node in diagram.nodes:
        _box(root, node)
    for edge in diagram.edges:
        _words(root, edge)
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _add(parent: ET.Element, name: str, attributes: dict[str, str], text: str = "") -> ET.Element:
    element = ET.SubElement(parent, f"{{{SVG}}}{name}", attributes)
    if text:
        element.text = text
    return element


def _box(root: ET.Element, node: Node) -> None:
    closed = node.kind == "closed"
    _add(
        root,
        "rect",
        {"x": str(node.x), "y": str(node.y), "width": str(node.w), "height": str(node.h), "rx": "6",
         "fill": _CLOSED if closed else _PRINTOUT, "stroke": _INK, "stroke-width": "2" if closed else "1"},
    )  # fmt: skip
    lines = wrap(node.title, _CHARACTERS)[:3] or [node.id]
    top = node.y + node.h // 2 - 8 * (len(lines) - 1) + 4
    for number, line in enumerate(lines):
        _text(root, (node.x + node.w // 2, top + 16 * number), line, _INK)


def _line(root: ET.Element, edge: Edge) -> None:
    points = " ".join(f"{x},{y}" for x, y in edge.points)
    _add(root, "polyline", {"points": points, "fill": "none", "stroke": _LINE})
    (x0, y0), (x, y) = edge.points[-2:]
    # The head points the transition the last piece goes; lines have right angles, so one of the two is nothing.
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    corners = ((x, y), (x - 8 * dx - 4 * dy, y - 8 * dy - 4 * dx), (x - 8 * dx + 4 * dy, y - 8 * dy + 4 * dx))
    _add(root, "polygon", {"points": " ".join(f"{a},{b}" for a, b in corners), "fill": _LINE})


def _words(root: ET.Element, edge: Edge) -> None:
    if edge.title:
        text = edge.title if len(edge.title) <= _CHARACTERS else f"{edge.title[: _CHARACTERS - 1]}…"
        element = _text(root, edge.label, text, _LINE)
        element.set("font-size", "11")


def _text(root: ET.Element, at: tuple[int, int], words: str, colour: str) -> ET.Element:
    return _add(root, "text", {"x": str(at[0]), "y": str(at[1]), "text-anchor": "middle", "fill": colour}, words)
