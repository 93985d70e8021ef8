"""Passphrases: their one spelling, the least they must be, and the price of trying one.

The price (Argon2id parameters) is stored in each slot. Its bounds are checked before anything is computed,
because a slot file is not trusted until it has been unlocked: a hostile one may ask for next to nothing, to
make guessing cheap, or for all memory there is, or for an hour of work in modest memory.
"""

from __future__ import annotations

import os
import re
from unicodedata import normalize

import msgspec

from desktop.vault.primitives import Secret, argon2id
from domain.errors import UsageProblem
from domain.messages import message

LEAST_CHARACTERS = 15
LEAST_WORDS = 5
MOST_CHARACTERS = 1024
LEAST_DIFFERENT_CHARACTERS = 6
SALT_SIZE = 16
MIB = 1024
LEAST_MEMORY_KIB, MOST_MEMORY_KIB = 64 * MIB, 512 * MIB
LEAST_ITERATIONS, MOST_ITERATIONS = 3, 20
LEAST_LANES, MOST_LANES = 1, 16
MOST_WORK_KIB = 1536 * MIB
"""Memory times passes: what one try costs in time, however many lanes share it; twice what new slots ask for.

A vault that came by mail costs at most two tries before its MAC is seen (`MOST_STRETCHES` of `desktop.vault.session`).
Measured on two shared cores with two slot files of 2,000 dearest slots each: 4.1 s and a peak of 585 MiB, all told.
"""
SMALL_MACHINE_BYTES = 4 * 1024**3
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)
_REMEDY = message(
    "Use at least {least_characters} characters, or {least_words} different words, that nobody would guess.",
    least_characters=LEAST_CHARACTERS,
    least_words=LEAST_WORDS,
)


class KdfCost(msgspec.Struct, frozen=True, kw_only=True):
    """What one try of a passphrase costs: memory in KiB, passes over it, parallel lanes (RFC 9106)."""

    memory_kib: int
    iterations: int
    lanes: int

    def outside_bounds(self) -> str:
        """Why this cost is not acceptable, in words; empty if it is."""
        for name, value, least, most in (
            ("memory_kib", self.memory_kib, LEAST_MEMORY_KIB, MOST_MEMORY_KIB),
            ("iterations", self.iterations, LEAST_ITERATIONS, MOST_ITERATIONS),
            ("lanes", self.lanes, LEAST_LANES, MOST_LANES),
        ):
            if not least <= value <= most:
                return message(
                    "{name} is {value}, allowed are {least} to {most}", name=name, value=value, least=least, most=most
                )
        if self.work_kib > MOST_WORK_KIB:
            return message(
                "memory_kib x iterations is {work}, allowed are {most}", work=self.work_kib, most=MOST_WORK_KIB
            )
        return ""

    @property
    def work_kib(self) -> int:
        """Memory that all passes go over together, in KiB: the time of a try follows it, and lanes do not raise it."""
        return self.memory_kib * self.iterations


STANDARD_COST = KdfCost(memory_kib=256 * MIB, iterations=3, lanes=4)
MINIMUM_COST = KdfCost(memory_kib=64 * MIB, iterations=3, lanes=4)


def default_cost() -> KdfCost:
    """The cost for new slots: 256 MiB, or 64 MiB on a machine with less than 4 GB of memory."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not every system describes its memory: assume an ordinary one
        return STANDARD_COST
    return MINIMUM_COST if memory < SMALL_MACHINE_BYTES else STANDARD_COST


def one_spelling(text: str) -> str:
    """Unicode NFC, so that the same passphrase typed on another keyboard gives the same bytes."""
    return normalize("NFC", text)


def same_name(text: str) -> str:
    """The form in which two people's names count as one: NFC, case folded, spaces collapsed."""
    return normalize("NFC", " ".join(text.split()).casefold())


def check_new_passphrase(passphrase: str, *, name: str, cost: KdfCost) -> None:
    """Refuse a passphrase too weak to protect a copied vault, or a price outside its bounds.

    Raises:
        UsageProblem: too short, too long, the person's `name` or a plain pattern; the remedy says what is enough.
    """
    outside = cost.outside_bounds()
    if outside:
        raise UsageProblem(
            message("The cost of the passphrase is out of bounds: {outside}.", outside=outside), where="cost"
        )
    text = one_spelling(passphrase)
    if len(text) > MOST_CHARACTERS:
        raise UsageProblem(
            message("The passphrase is longer than {most_characters} characters.", most_characters=MOST_CHARACTERS),
            where="passphrase",
            remedy=message("Use a shorter one."),
        )
    if not _is_encodable(text):
        raise UsageProblem(
            message("The passphrase holds half a character."), where="passphrase", remedy=message("Type it again.")
        )
    if too_short(text):
        raise UsageProblem(message("The passphrase is too short."), where="passphrase", remedy=_REMEDY)
    if same_name(text) == same_name(name) or _is_pattern("".join(text.casefold().split())):
        raise UsageProblem(
            message("The passphrase is the person's name or a plain pattern."), where="passphrase", remedy=_REMEDY
        )


def too_short(text: str) -> bool:
    """Whether a passphrase has neither enough characters nor enough different words."""
    words = {word.casefold() for word in re.findall(r"\w{2,}", text)}
    return len(text) < LEAST_CHARACTERS and len(words) < LEAST_WORDS


def _is_pattern(folded: str) -> bool:
    if len(set(folded)) < LEAST_DIFFERENT_CHARACTERS or any(folded in run for run in _RUNS):
        return True
    return re.fullmatch(r"(.{1,8}?)\1+", folded) is not None


def key_from_passphrase(passphrase: str, *, cost: KdfCost, salt: bytes) -> Secret:
    """The key-encryption key: Argon2id over the NFC spelling in UTF-8. `cost` must have been bounds-checked.

    Text that could never have been accepted as a passphrase (too long, half characters) is spelled in a way
    that opens nothing, at the same price.
    """
    text = one_spelling(passphrase[: MOST_CHARACTERS + 1])
    spelled = text.encode("utf-8", "surrogatepass")
    return argon2id(spelled, salt=salt, memory_kib=cost.memory_kib, iterations=cost.iterations, lanes=cost.lanes)


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
