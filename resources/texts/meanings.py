"""What a signature means when a person says nothing else, by the word of the act; `{name}` stands for an argument."""

from __future__ import annotations

from typing import Final

MEANINGS: Final[dict[str, str]] = {
    "change_setting": "I set {name} to {value}",
    "decide_category": "Rejected",
    "migrate_items": (
        "I decide that these items go on by this version of the process, from the steps its mapping names."
    ),
    "set_calendar": "I set the working calendar of this site",
}
