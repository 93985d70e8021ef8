"""What every screen is handed at birth: complete, frozen, nothing filled in later."""

from __future__ import annotations

from dataclasses import dataclass

from ui.actions import ActionSet
from ui.icons import Icons
from ui.settings import Settings
from ui.tasks import Tasks
from ui.theme import Theme
from ui.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class WindowServices:
    """The services of the window."""

    workspace: Workspace
    tasks: Tasks
    actions: ActionSet
    icons: Icons
    theme: Theme
    settings: Settings
