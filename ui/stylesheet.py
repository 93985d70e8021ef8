"""The one style sheet, made from tokens. Widgets ask for a look by dynamic properties, never by own sheets.

Properties: `type` = small | title | display | strong | mono; `muted` = true; `primary` = true (one per view);
`quiet` = true (a button without frame); `surface` = card | bar | window; `tone` = a token meaning,
`ink` and `fill` likewise for words and for solid surfaces.
"""

from __future__ import annotations

from ui.tokens import Tokens

SMALL, TITLE, DISPLAY = 0.9, 1.2, 1.6
"""The type scale around the system font: small, body (1), title, display."""


def style_sheet(tokens: Tokens, *, point_size: float) -> str:
    """The application style sheet. `point_size` is the system font's size in points."""
    t = tokens
    small, title, display = (f"{point_size * scale:.1f}pt" for scale in (SMALL, TITLE, DISPLAY))
    tones = "\n".join(
        f'*[tone="{name}"] {{ color: {pair.ink}; background: {pair.wash}; border: 1px solid {_edge(t, pair.ink)}; }}'
        f'\nQLabel[ink="{name}"] {{ color: {pair.ink}; }}'
        f'\nQFrame[fill="{name}"] {{ background: {pair.ink}; border: none; border-radius: 3px; }}'
        for name, pair in t.tones.items()
    )
    return f"""
QWidget {{ color: {t.text}; }}
QToolTip {{ color: {t.text}; background: {t.surface}; border: 1px solid {t.line}; padding: 4px; }}
*[type="small"] {{ font-size: {small}; }}
*[type="title"] {{ font-size: {title}; font-weight: 600; }}
*[type="display"] {{ font-size: {display}; font-weight: 600; }}
*[type="strong"] {{ font-weight: 600; }}
*[type="mono"] {{ font-family: monospace; font-size: {small}; }}
QLabel[muted="true"] {{ color: {t.muted}; }}
QFrame[surface="card"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px; }}
QFrame[surface="bar"] {{ background: {t.surface}; border: none; border-bottom: 1px solid {t.line}; }}
QFrame[surface="foot"] {{ background: {t.surface}; border: none; border-top: 1px solid {t.line}; }}
QWidget[surface="plain"] {{ background: {t.surface}; }}
QFrame[rule="true"] {{ background: {t.line}; border: none; max-height: 1px; }}
QFrame[fill="none"] {{ background: {t.line}; border: none; border-radius: 3px; }}
QFrame[tone] {{ border-radius: 6px; }}
QFrame[tone] QLabel {{ background: transparent; border: none; }}
{tones}
QPushButton {{ background: {t.surface}; border: 1px solid {t.field_line}; border-radius: 4px; padding: 4px 12px;
  min-height: 20px; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.line}; }}
QPushButton:focus {{ border: 2px solid {t.accent}; padding: 3px 11px; }}
QPushButton:disabled {{ color: {t.muted}; border-color: {t.line}; background: {t.window}; }}
QPushButton[primary="true"] {{ background: {t.accent}; color: {t.accent_ink}; border-color: {t.accent};
  font-weight: 600; }}
QPushButton[primary="true"]:hover {{ border-color: {t.text}; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {t.text}; }}
QPushButton[primary="true"]:disabled {{ background: {t.line}; color: {t.muted}; border-color: {t.line}; }}
QPushButton[quiet="true"] {{ background: transparent; border-color: transparent; color: {t.accent}; }}
QPushButton[quiet="true"]:hover {{ background: {t.hover}; }}
QPushButton[quiet="true"]:focus {{ border: 2px solid {t.accent}; }}
QPushButton[quiet="true"]:disabled {{ color: {t.muted}; }}
QPushButton[tile="true"] {{ text-align: left; padding: 8px 12px; min-height: 24px; }}
QPushButton[tile="true"]:focus {{ padding: 7px 11px; }}
QPushButton[chip="true"] {{ border-radius: 13px; padding: 2px 12px; border-color: {t.line}; color: {t.muted}; }}
QPushButton[chip="true"]:checked {{ background: {t.accent_wash}; border-color: {t.accent}; color: {t.accent}; }}
QPushButton[chip="true"]:focus {{ border: 2px solid {t.accent}; padding: 1px 11px; }}
QLineEdit, QPlainTextEdit {{ background: {t.surface}; border: 1px solid {t.field_line};
  border-radius: 4px; padding: 3px 6px; selection-background-color: {t.accent}; selection-color: {t.accent_ink}; }}
QLineEdit {{ min-height: 20px; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {t.accent}; padding: 2px 5px; }}
QLineEdit:read-only, QPlainTextEdit:read-only {{ background: {t.window}; border-color: {t.line}; }}
QLineEdit:disabled, QPlainTextEdit:disabled {{ background: {t.window}; color: {t.muted}; border-color: {t.line}; }}
QComboBox {{ min-height: 22px; padding: 2px 6px; }}
QComboBox:disabled {{ color: {t.muted}; }}
QDateEdit, QSpinBox {{ min-height: 26px; }}
QCheckBox, QRadioButton {{ spacing: 8px; min-height: 24px; }}
QToolButton {{ border: 1px solid transparent; border-radius: 4px; padding: 4px 6px; background: transparent; }}
QToolButton:hover {{ background: {t.hover}; }}
QToolButton:focus {{ border: 2px solid {t.accent}; padding: 3px 5px; }}
QToolButton:disabled {{ color: {t.muted}; }}
QToolButton[popupMode="2"] {{ padding-right: 20px; }}
QToolButton::menu-indicator {{ subcontrol-origin: padding; subcontrol-position: center right; right: 4px; }}
QToolBar {{ background: {t.surface}; border: none; border-bottom: 1px solid {t.line}; spacing: 4px; padding: 3px 8px; }}
QMenuBar {{ background: {t.surface}; border-bottom: 1px solid {t.line}; }}
QMenuBar::item {{ padding: 5px 9px; background: transparent; }}
QMenuBar::item:selected {{ background: {t.hover}; }}
QMenu {{ background: {t.surface}; border: 1px solid {t.line}; padding: 4px 0; }}
QMenu::item {{ padding: 5px 28px 5px 12px; }}
QMenu::icon {{ padding-left: 10px; }}
QMenu::indicator:non-exclusive {{ width: 12px; height: 12px; margin-left: 8px; border: 1px solid {t.muted}; }}
QMenu::indicator:non-exclusive:checked {{ background: {t.accent}; border-color: {t.accent}; }}
QMenu::item:selected {{ background: {t.accent_wash}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.muted}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 0; }}
QStatusBar {{ background: {t.surface}; border-top: 1px solid {t.line}; color: {t.muted}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {t.muted}; padding: 0 6px; }}
QTableView, QListView, QTreeView {{ background: {t.surface}; alternate-background-color: {t.stripe}; border: none;
  gridline-color: {t.line}; selection-background-color: {t.accent_wash}; selection-color: {t.text}; outline: none; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 1px solid {t.accent}; }}
QTableView::item {{ padding: 0 8px; border: none; border-bottom: 1px solid {t.hover}; }}
QTableView::item:selected, QListView::item:selected {{ background: {t.accent_wash}; color: {t.text}; }}
QCalendarWidget QTableView {{ selection-background-color: {t.accent}; selection-color: {t.accent_ink}; }}
QCalendarWidget QTableView::item {{ padding: 0; border: none; }}
QCalendarWidget QTableView::item:selected {{ background: {t.accent}; color: {t.accent_ink}; }}
QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {t.surface}; }}
QHeaderView {{ background: {t.surface}; border: none; }}
QHeaderView::section {{ background: {t.surface}; color: {t.muted}; border: none; border-bottom: 1px solid {t.line};
  padding: 5px 11px; font-size: {small}; font-weight: 600; }}
QListView[nav="true"] {{ background: {t.window}; border: none; padding: 8px; }}
QListView[nav="true"]::item {{ padding: 5px 8px; border-radius: 4px; min-height: 22px; }}
QListView[nav="true"]::item:hover {{ background: {t.hover}; }}
QListView[nav="true"]::item:disabled {{ color: {t.muted}; }}
QListView[nav="true"]::item:selected {{ background: {t.accent_wash}; color: {t.accent}; font-weight: 600; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {t.line}; }}
QTabBar::tab {{ padding: 7px 12px; border: none; border-bottom: 2px solid transparent; color: {t.muted};
  background: transparent; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; font-weight: 600; }}
QTabBar::tab:hover {{ color: {t.text}; }}
QTabBar::tab:focus {{ color: {t.accent}; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QSplitter::handle {{ background: {t.line}; }}
QProgressBar {{ background: {t.line}; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.field_line}; border-radius: 4px; margin: 2px; min-height: 32px; min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _edge(tokens: Tokens, ink: str) -> str:
    """In high contrast a wash equals the surface, so the edge must carry the shape."""
    return ink if tokens.name.startswith("contrast") else "transparent"
