"""The look of the whole window: Fusion, our palette, one style sheet, live switching.

Follows the system's colour scheme and contrast preference unless the person chose otherwise.
"""

from __future__ import annotations

from typing import Literal, get_args

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from ui.stylesheet import style_sheet
from ui.tokens import ALL_TOKENS, LIGHT, Tokens

ThemeChoice = Literal["system", "light", "dark", "contrast_light", "contrast_dark"]
CHOICES: tuple[ThemeChoice, ...] = get_args(ThemeChoice)
_FUSION_DARKENS = 140
"""By how many percent Fusion's edges are darker than the window (`QFusionStylePrivate::outline`)."""


class Theme(QObject):
    """Puts a set of tokens on the application and says when it changed."""

    changed = Signal()

    def __init__(self, application: QApplication, *, choice: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent if parent is not None else application)
        self._application = application
        self._font = QFont(application.font())
        # The hints object must be held: a temporary one is deleted under its accessibility() child.
        self._hints = application.styleHints()
        self.choice: str = choice
        self.tokens: Tokens = LIGHT
        application.setStyle(QStyleFactory.create("Fusion"))
        self._hints.colorSchemeChanged.connect(self._on_system_changed)
        self._hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)
        self.choose(choice)

    def choose(self, choice: str) -> None:
        """Switch to a choice of `CHOICES`; anything else follows the system."""
        self.choice = choice if choice in CHOICES else "system"
        self.tokens = ALL_TOKENS.get(self.choice) or self._system_tokens()
        self._application.setPalette(palette_of(self.tokens))
        for kind in ("QCheckBox", "QRadioButton"):
            ticked = _ticked_palette(self.tokens)
            self._application.setPalette(ticked, kind)  # type: ignore[arg-type]  # Qt takes text, its stub says bytes
        self._application.setStyleSheet(style_sheet(self.tokens, point_size=self._font.pointSizeF()))
        self.changed.emit()

    def _system_tokens(self) -> Tokens:
        dark = self._hints.colorScheme() == Qt.ColorScheme.Dark
        strong = self._hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        name = ("contrast_dark" if dark else "contrast_light") if strong else ("dark" if dark else "light")
        return ALL_TOKENS[name]

    def _on_system_changed(self) -> None:
        if self.choice == "system":
            self.choose("system")


def palette_of(tokens: Tokens) -> QPalette:
    """The palette of Qt's own roles for widgets that the style sheet leaves to Fusion."""
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, tokens.window),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.stripe),
        (role.Text, tokens.text),
        (role.Button, tokens.surface),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.accent_ink),
        (role.ToolTipBase, tokens.surface),
        (role.ToolTipText, tokens.text),
        (role.PlaceholderText, tokens.muted),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.accent_ink),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.Accent, tokens.accent),
        (role.Mid, tokens.line),
        (role.Dark, tokens.field_line),
        (role.Light, tokens.surface),
        (role.Midlight, tokens.hover),
        (role.Shadow, tokens.field_line),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.muted))
    for which in (role.Base, role.Button):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.window))
    return palette


def _ticked_palette(tokens: Tokens) -> QPalette:
    """For boxes to tick: Fusion draws their edge in the colour of the window, darker, which a dark window hides."""
    palette = palette_of(tokens)
    palette.setColor(QPalette.ColorRole.Window, QColor(tokens.field_line).lighter(_FUSION_DARKENS))
    return palette


def set_appearance(widget: QWidget, **properties: str | bool) -> None:
    """Set dynamic properties that the style sheet knows, and repaint with them."""
    for name, value in properties.items():
        widget.setProperty(name, ("true" if value else "false") if isinstance(value, bool) else value)
    if "surface" in properties:
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
