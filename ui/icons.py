"""The only file that knows icon files: SVG drawings of the family, tinted by the tokens of the moment."""

from __future__ import annotations

from functools import cache
from importlib import resources
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from ui.theme import Theme
from ui.tokens import Tokens

SIZES = (16, 20, 24, 32)


class Icons(QObject):
    """Gives icons by name, and keeps those it placed in step with the theme."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self._placed: WeakKeyDictionary[QAction | QAbstractButton, tuple[str, str]] = WeakKeyDictionary()
        theme.changed.connect(self._on_theme_changed)

    def icon(self, name: str, ink: str = "text") -> QIcon:
        """An icon; `ink` is a colour token (text, muted, accent, accent_ink) or a tone (open, overdue, ...)."""
        return _icon(name, ink_of(self._theme.tokens, ink), self._theme.tokens.muted)

    def pixmap(self, name: str, ink: str, size: int, ratio: float = 1.0) -> QPixmap:
        """A picture for delegates that paint themselves."""
        return _pixmap(name, ink_of(self._theme.tokens, ink), size, ratio)

    def place(self, target: QAction | QAbstractButton, name: str, ink: str = "text") -> None:
        """Set an icon and renew it whenever the theme changes."""
        self._placed[target] = (name, ink)
        target.setIcon(self.icon(name, ink))

    def _on_theme_changed(self) -> None:
        for target, (name, ink) in list(self._placed.items()):
            target.setIcon(self.icon(name, ink))


def names() -> tuple[str, ...]:
    """All icons of the family."""
    folder = resources.files("resources.icons")
    return tuple(sorted(file.name[:-4] for file in folder.iterdir() if file.name.endswith(".svg")))


def ink_of(tokens: Tokens, ink: str) -> str:
    """The colour value behind a token or tone name."""
    for tone, pair in tokens.tones.items():
        if tone == ink:
            return pair.ink
    return str(getattr(tokens, ink))


@cache
def _drawing(name: str) -> str:
    return resources.files("resources.icons").joinpath(f"{name}.svg").read_text(encoding="ascii")


@cache
def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode("ascii")))
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@cache
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    icon = QIcon()
    for size in SIZES:
        for ratio in (1.0, 2.0):
            icon.addPixmap(_pixmap(name, colour, size, ratio), QIcon.Mode.Normal)
            icon.addPixmap(_pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return icon
