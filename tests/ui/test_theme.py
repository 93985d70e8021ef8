"""Tokens are legible, colours live in one file, every icon exists and follows the theme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.actions import ACTIONS
from ui.icons import Icons, names
from ui.main_window import MainWindow
from ui.theme import Theme
from ui.tokens import ALL_TOKENS, Tokens

UI = Path(__file__).resolve().parents[2] / "ui"


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", ALL_TOKENS.values(), ids=ALL_TOKENS)
def test_text_reaches_four_and_a_half_to_one_everywhere_it_is_used(tokens: Tokens) -> None:
    surfaces = (tokens.window, tokens.surface, tokens.stripe, tokens.hover, tokens.accent_wash)
    pairs = [(tokens.text, surface) for surface in surfaces]
    pairs += [(tokens.muted, surface) for surface in surfaces[:4]]
    pairs += [(tokens.accent, surface) for surface in (tokens.window, tokens.surface, tokens.accent_wash)]
    pairs += [(tokens.accent_ink, tokens.accent)]
    pairs += [(pair.ink, pair.wash) for pair in tokens.tones.values()]
    pairs += [(pair.ink, tokens.surface) for pair in tokens.tones.values()]
    pairs += [(tokens.text, pair.wash) for pair in tokens.tones.values()]
    assert [(a, b, round(contrast(a, b), 2)) for a, b in pairs if contrast(a, b) < 4.5] == []


@pytest.mark.parametrize("tokens", ALL_TOKENS.values(), ids=ALL_TOKENS)
def test_edges_of_fields_and_the_focus_ring_reach_three_to_one(tokens: Tokens) -> None:
    pairs = [(tokens.field_line, tokens.surface), (tokens.accent, tokens.surface), (tokens.accent, tokens.window)]
    assert [(a, b) for a, b in pairs if contrast(a, b) < 3] == []


def test_colours_are_written_in_the_token_file_only() -> None:
    found = [
        f"{file.name}: {hit}"
        for file in UI.rglob("*.py")
        if file.name != "tokens.py"
        for hit in re.findall(r"""["']#[0-9a-fA-F]{3,8}["']""", file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_widget_brings_a_style_sheet_of_its() -> None:
    users = [file.name for file in UI.rglob("*.py") if "setStyleSheet" in file.read_text(encoding="utf-8")]
    assert users == ["theme.py"]


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    asked = {spec.icon for spec in ACTIONS if spec.icon}
    for file in UI.rglob("*.py"):
        asked |= set(re.findall(r'icon="([a-z_]+)"', file.read_text(encoding="utf-8")))
    assert asked - set(names()) == set()


def mean_luminance(image: QImage) -> float:
    seen = [
        luminance(QColor(image.pixelColor(x, y)).name())
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 200
    ]
    return sum(seen) / len(seen)


def test_icons_are_dark_on_light_and_light_on_dark(qapp: QApplication) -> None:
    theme = Theme(qapp, choice="light")
    icons = Icons(theme)
    on_light = {name: mean_luminance(icons.pixmap(name, "text", 24).toImage()) for name in names()}
    theme.choose("dark")
    on_dark = {name: mean_luminance(icons.pixmap(name, "text", 24).toImage()) for name in names()}
    assert {name: seen for name, seen in on_light.items() if seen > 0.2} == {}
    assert {name: seen for name, seen in on_dark.items() if seen < 0.6} == {}


def test_switching_the_look_repaints_and_is_remembered(window: MainWindow, qtbot: QtBot) -> None:
    window.services.actions["look.light"].trigger()
    before = window.grab().toImage().pixelColor(4, window.height() // 2)
    with qtbot.waitSignal(window.services.theme.changed):
        window.services.actions["look.dark"].trigger()
    after = window.grab().toImage().pixelColor(4, window.height() // 2)
    assert before.lightness() > 200
    assert after.lightness() < 60
    assert window.services.settings.theme == "dark"
    assert window.services.actions["look.dark"].isChecked()
    assert not window.services.actions["look.light"].isChecked()
