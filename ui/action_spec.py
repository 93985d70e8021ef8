"""What a command is: its words, its menu, its keys, and when it can be used."""

from __future__ import annotations

import msgspec

from domain.messages import Message
from ui.conditions import EnabledWhen, always


class ActionSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One command. `keys` are portable key sequences; `menu` is the menu it stands in, "" for none.

    `records`: it ends in an entry of the log, so it is on hold while the vault is only read.
    """

    id: str
    text: Message
    menu: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    enabled_when: EnabledWhen = always
    checkable: bool = False
    records: bool = False
