"""The meaning of a signature: in words, from whoever signs or from the process (21 CFR 11.50(a)(3))."""

from __future__ import annotations

from domain.errors import UsageProblem
from domain.law.letters import is_blank, trimmed


def stated_meaning(*meanings: str) -> str:
    """The first meaning that is stated in words: the one given with the command, then the process's.

    Raises:
        UsageProblem: none is.
    """
    found = next((trimmed(each) for each in meanings if not is_blank(each)), "")
    if not found:
        raise UsageProblem("A signature states its meaning.", where="meaning", remedy="Say what the signature means.")
    return found
