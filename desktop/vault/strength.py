"""How soon a passphrase would be guessed, with the reason in words.

The estimate is zxcvbn's (Wheeler 2016): guesses needed by somebody who knows words, names, dates, keyboards and
repetitions. Its words are in English and a few other languages only, so it may think too well of a passphrase.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from desktop.vault.passphrases import (
    LEAST_CHARACTERS,
    LEAST_WORDS,
    KdfCost,
    check_new_passphrase,
    one_spelling,
    too_short,
)
from domain.errors import UsageProblem
from domain.ports import Strength

LEAST_SCORE = 3
_JUDGED_CHARACTERS = 72
"""Longer ones are judged by their beginning: the estimate takes quadratic time."""
_REASONS = {
    "dictionary": "It holds words or names that are tried first.",
    "user_inputs": "It holds a name that belongs to this vault or to you.",
    "spatial": "It follows the keys of a keyboard.",
    "repeat": "It repeats itself.",
    "sequence": "It counts or spells on in order.",
    "regex": "It holds a year.",
    "date": "It holds a date.",
    "bruteforce": "It is short for what it is made of.",
}
_WORDS = ("very weak", "weak", "not strong enough", "strong", "very strong")


def passphrase_strength(text: str, names: Sequence[str] = ()) -> Strength:
    """The score (0 to 4; 3 is needed) of a passphrase and why; `names` are words a guesser would try first."""
    if not text:
        return Strength(score=0, enough=False, reason=f"At least {LEAST_CHARACTERS} characters or {LEAST_WORDS} words.")
    known = [part for name in names for part in (name, *name.split()) if len(part) > 2]
    judged = _estimator()(text[:_JUDGED_CHARACTERS], user_inputs=known)
    score = int(judged["score"])
    if too_short(text):
        return Strength(
            score=min(score, 1),
            enough=False,
            reason=f"Too short: at least {LEAST_CHARACTERS} characters or {LEAST_WORDS} different words.",
        )
    enough = score >= LEAST_SCORE
    weakest = "" if enough else f" {_why(judged)}"
    return Strength(score=score, enough=enough, reason=f"This is {_WORDS[score]}.{weakest}")


def check_choice(passphrase: str, *, names: Sequence[str], cost: KdfCost) -> None:
    """Refuse a new passphrase that is too weak to protect a copied vault; `names` start with the person's own.

    Raises:
        UsageProblem: too short, a plain pattern or soon guessed; the text says which.
    """
    check_new_passphrase(passphrase, name=names[0] if names else "", cost=cost)
    judged = passphrase_strength(one_spelling(passphrase), names)
    if not judged.enough:
        raise UsageProblem(
            f"The passphrase would be guessed. {judged.reason}",
            where="passphrase",
            cure=f"Use {LEAST_WORDS} or more words that have nothing to do with each other or with you.",
        )


def _why(judged: dict[str, Any]) -> str:
    """The reason of the longest part that is easily guessed."""
    parts = [each for each in judged["sequence"] if each["pattern"] != "bruteforce"] or judged["sequence"]
    part = max(parts, key=lambda each: len(each["token"]))
    pattern = "user_inputs" if part.get("dictionary_name") == "user_inputs" else part["pattern"]
    return _REASONS.get(pattern, _REASONS["bruteforce"])


@cache
def _estimator() -> Any:
    # Its word lists take a tenth of a second to load: only when somebody chooses a passphrase.
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # noqa: PLC0415 (see above)

    return zxcvbn
