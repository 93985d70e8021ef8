"""All commands by their word. Menus, command line, scenarios, replay and the manual's reference read this."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import domain.commands
import domain.simulation.prove_draft
from domain.commands.command import Command, known_commands

for _module in iter_modules(domain.commands.__path__):
    import_module(f"domain.commands.{_module.name}")

COMMANDS: dict[str, type[Command]] = known_commands()
"""Every command class by its word."""

__all__ = ["COMMANDS"]
