"""The meaning of a signature: in words, from whoever signs or from the process (21 CFR 11.50(a)(3))."""

from __future__ import annotations

from domain.errors import UsageProblem
from domain.law.letters import is_blank, trimmed
from domain.messages import message


def stated_meaning(*meanings: str) -> str:
    """The first meaning that is stated in words: the one given with the command, then the process's.

    Raises:
        UsageProblem: none is.
    """
    found = next((trimmed(each) for each in meanings if not is_blank(each)), "")
    if not found:
        raise UsageProblem(
            message("meanings.a_signature_states_its"),
            where="meaning",
            remedy=message("meanings.say_what_the_signature"),
        )
    return found
