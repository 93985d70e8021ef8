"""Who works in the vault of these tests, beside Ada, who created it."""

from __future__ import annotations

PASSPHRASES = {
    "Ada": "ada keeps seven blue lanterns",
    "Bob": "bob paints quiet river stones",
    "Quinn": "quinn counts every third train",
    "Carl": "carl bakes rye bread at dawn",
}
ROLES = {"Quinn": ("quality",), "Carl": ("quality",), "Bob": ("administrator",)}
NEW = "nobody guesses this new one easily"
