"""Why a file cannot be read, stated inside the reader process and carried to the parent as plain text."""

from __future__ import annotations


class ReadingProblem(Exception):
    """The file is not readable as a tracker. `what` and `remedy` are sentences for a person."""

    def __init__(self, what: str, *, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def password_needed() -> ReadingProblem:
    """The file is encrypted and no passphrase was given."""
    return ReadingProblem(
        "The workbook is protected by a password.",
        remedy="Give its password, or save a copy without one in the spreadsheet program.",
    )


def not_a_workbook(reason: str) -> ReadingProblem:
    """The bytes are no spreadsheet this program knows."""
    return ReadingProblem(
        f"This is not a readable workbook: {reason}.",
        remedy="Open it in a spreadsheet program and save it as .xlsx, .ods or .csv, then choose that file.",
    )


def too_large(reason: str) -> ReadingProblem:
    """A cap of `limits` was passed."""
    return ReadingProblem(
        f"The file is refused because it is too large: {reason}.",
        remedy="Split it, or save only the sheet with the register as .xlsx or .csv.",
    )


def looks_hostile(reason: str) -> ReadingProblem:
    """The file uses a construction that honest spreadsheets never use."""
    return ReadingProblem(
        f"The file is refused because it may be meant to do harm: {reason}.",
        remedy="Ask the sender for a copy saved anew by a spreadsheet program.",
    )
