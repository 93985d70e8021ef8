"""How soon a passphrase would be guessed, with the reason in words.

The estimate is zxcvbn's (Wheeler 2016): guesses needed by somebody who knows words, names, dates, keyboards and
repetitions. Its words are in English and a few other languages only, so it may think too well of a passphrase.
It thinks far too well of several names in a row: here the names of the person, the vault, its people and roles are
taken out first, and each counts no more than a guesser needs who has seen the list of people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from math import prod
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
from domain.messages import message
from domain.session import Strength

LEAST_SCORE = 3
_JUDGED_CHARACTERS = 72
"""Longer ones are judged by their beginning: the estimate takes quadratic time."""
_GUESSES_OF_A_NAME = 5
"""A name that is known to belong here, in any spelling: there are few, and they stand in the order one expects."""
_SCORES = (1e3, 1e6, 1e8, 1e10)
"""Guesses from which on the scores 1 to 4 are given, as zxcvbn has them."""
_WORDS_OF_THE_TRADE = message(
    "administrator auditor auditee audit capa controller countersign finance inspector management manager office "
    "owner procurement production project quality requester sponsor"
)
_LOOKALIKES = {"a": "a4@", "b": "b8", "e": "e3€", "g": "g9", "i": "i1!|", "l": "l1|", "o": "o0", "s": "s5$", "t": "t7+"}
_REASONS = {
    "dictionary": message("It holds words or names that are tried first."),
    "user_inputs": message("It holds a name that belongs to this vault or to you."),
    "spatial": message("It follows the keys of a keyboard."),
    "repeat": message("It repeats itself."),
    "sequence": message("It counts or spells on in order."),
    "regex": message("It holds a year."),
    "date": message("It holds a date."),
    "bruteforce": message("It is short for what it is made of."),
}
_WORDS = (message("very weak"), "weak", message("not strong enough"), "strong", message("very strong"))


def passphrase_strength(text: str, names: Sequence[str] = ()) -> Strength:
    """The score (0 to 4; 3 is needed) of a passphrase and why; `names` are words a guesser would try first."""
    if not text:
        return Strength(
            score=0,
            enough=False,
            reason=message(
                "At least {least_characters} characters or {least_words} words.",
                least_characters=LEAST_CHARACTERS,
                least_words=LEAST_WORDS,
            ),
        )
    begun = text[:_JUDGED_CHARACTERS]
    known = sorted({part.casefold() for name in (*names, _WORDS_OF_THE_TRADE) for part in _parts(name)})
    judged = _estimator()(begun, user_inputs=known)
    score = int(judged["score"])
    without = _score_without(begun, known)
    if without < LEAST_SCORE <= score:
        judged = {"sequence": [{"pattern": "user_inputs", "token": begun}]}
    score = min(score, without)
    if too_short(text):
        return Strength(
            score=min(score, 1),
            enough=False,
            reason=message(
                "Too short: at least {least_characters} characters or {least_words} different words.",
                least_characters=LEAST_CHARACTERS,
                least_words=LEAST_WORDS,
            ),
        )
    enough = score >= LEAST_SCORE
    weakest = "" if enough else f" {_why(judged)}"
    return Strength(
        score=score, enough=enough, reason=message("This is {words}.{weakest}", words=_WORDS[score], weakest=weakest)
    )


def check_choice(passphrase: str, *, names: Sequence[str], cost: KdfCost) -> None:
    """Refuse a new passphrase that is too weak to protect a copied vault; `names` start with the person's.

    Raises:
        UsageProblem: too short, a plain pattern or soon guessed; the text says which.
    """
    check_new_passphrase(passphrase, name=names[0] if names else "", cost=cost)
    judged = passphrase_strength(one_spelling(passphrase), names)
    if not judged.enough:
        raise UsageProblem(
            message("The passphrase would be guessed. {reason}", reason=judged.reason),
            where="passphrase",
            remedy=message(
                "Use {least_words} or more words that have nothing to do with each other or with you.",
                least_words=LEAST_WORDS,
            ),
        )


def _parts(name: str) -> list[str]:
    return [part for part in re.findall(r"\w+", name) if len(part) > 2]


def _score_without(text: str, known: Sequence[str]) -> int:
    """The score when every known name, also reversed or with look-alikes, is worth hardly anything."""
    forms = sorted({form for part in known for form in (part, part[::-1])}, key=len, reverse=True)
    names = re.compile("|".join(_as_pattern(form) for form in forms))
    rest, found = names.subn(" ", text.casefold())
    if not found:
        return len(_SCORES)
    # Word by word: the spaces that are left between names would count as something nobody can guess.
    each = [float(_estimator()(word)["guesses"]) for word in re.findall(r"\w+", rest)]
    guesses = prod(each, start=float(_GUESSES_OF_A_NAME) ** found)
    return sum(guesses >= least for least in _SCORES)


def _as_pattern(word: str) -> str:
    return "".join(
        f"[{re.escape(_LOOKALIKES[letter])}]" if letter in _LOOKALIKES else re.escape(letter) for letter in word
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
