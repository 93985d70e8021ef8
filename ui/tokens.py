"""Colours by meaning: the only file that holds colour values.

Four sets: light, dark and high contrast in both. Text tokens reach 4.5:1 on the surfaces they are used on,
graphics 3:1 (WCAG 2.2, 1.4.3 and 1.4.11); a test computes it.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

Tone = Literal["open", "waiting", "overdue", "refused", "proven", "damaged", "held", "done"]
TONES: tuple[Tone, ...] = get_args(Tone)


class Pair(msgspec.Struct, frozen=True):
    """Text and graphics of one meaning, and the quiet surface behind them."""

    ink: str
    wash: str


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """One complete set of colours, named by use."""

    name: str
    window: str
    surface: str
    stripe: str
    text: str
    muted: str
    line: str
    field_line: str
    accent: str
    accent_ink: str
    accent_wash: str
    hover: str
    tones: dict[Tone, Pair]


LIGHT = Tokens(
    name="light",
    window="#f4f5f7",
    surface="#ffffff",
    stripe="#f9fafb",
    text="#1a1f26",
    muted="#56606d",
    line="#dfe3e8",
    field_line="#848e9b",
    accent="#1f5bb5",
    accent_ink="#ffffff",
    accent_wash="#e4edfa",
    hover="#eceff3",
    tones={
        "open": Pair("#1f5bb5", "#e7effa"),
        "waiting": Pair("#7a4f00", "#fdf1d8"),
        "overdue": Pair("#ae2a19", "#fdebe8"),
        "refused": Pair("#9a3412", "#fdeee4"),
        "proven": Pair("#17663a", "#e4f4ea"),
        "damaged": Pair("#8c1d40", "#fbe7ee"),
        "held": Pair("#5a4691", "#eeeaf8"),
        "done": Pair("#454e5a", "#eaedf0"),
    },
)

DARK = Tokens(
    name="dark",
    window="#15181c",
    surface="#1c2025",
    stripe="#20242a",
    text="#e4e8ed",
    muted="#a0aab6",
    line="#313840",
    field_line="#707b88",
    accent="#7fb0ff",
    accent_ink="#0f1722",
    accent_wash="#253349",
    hover="#282e36",
    tones={
        "open": Pair("#8fb9ff", "#22304a"),
        "waiting": Pair("#f0bf62", "#3a2f17"),
        "overdue": Pair("#ff9c8f", "#43221e"),
        "refused": Pair("#f7a877", "#40291a"),
        "proven": Pair("#79d6a0", "#1b3a29"),
        "damaged": Pair("#ff9dbb", "#431f2d"),
        "held": Pair("#c3b3f5", "#2f2a45"),
        "done": Pair("#bac3cd", "#2b3138"),
    },
)

CONTRAST_LIGHT = Tokens(
    name="contrast_light",
    window="#ffffff",
    surface="#ffffff",
    stripe="#ffffff",
    text="#000000",
    muted="#1c1c1c",
    line="#000000",
    field_line="#000000",
    accent="#00309c",
    accent_ink="#ffffff",
    accent_wash="#dbe6ff",
    hover="#e6e6e6",
    tones={
        "open": Pair("#00309c", "#ffffff"),
        "waiting": Pair("#5c3b00", "#ffffff"),
        "overdue": Pair("#8f0d00", "#ffffff"),
        "refused": Pair("#7a2400", "#ffffff"),
        "proven": Pair("#004d22", "#ffffff"),
        "damaged": Pair("#73002c", "#ffffff"),
        "held": Pair("#3d2680", "#ffffff"),
        "done": Pair("#1c1c1c", "#ffffff"),
    },
)

CONTRAST_DARK = Tokens(
    name="contrast_dark",
    window="#000000",
    surface="#000000",
    stripe="#000000",
    text="#ffffff",
    muted="#ededed",
    line="#ffffff",
    field_line="#ffffff",
    accent="#9cc4ff",
    accent_ink="#000000",
    accent_wash="#1b2b4d",
    hover="#2b2b2b",
    tones={
        "open": Pair("#9cc4ff", "#000000"),
        "waiting": Pair("#ffd479", "#000000"),
        "overdue": Pair("#ffb0a6", "#000000"),
        "refused": Pair("#ffbc94", "#000000"),
        "proven": Pair("#8ff0b7", "#000000"),
        "damaged": Pair("#ffb3cb", "#000000"),
        "held": Pair("#d6cbff", "#000000"),
        "done": Pair("#ededed", "#000000"),
    },
)

ALL_TOKENS = {tokens.name: tokens for tokens in (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)}
