"""Why a file cannot be read, stated inside the reader process and carried to the parent as plain text."""

from __future__ import annotations

from domain.messages import message


class ReadingProblem(Exception):
    """The file is not readable as a tracker. `what` and `remedy` are sentences for a person."""

    def __init__(self, what: str, *, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def password_needed() -> ReadingProblem:
    """The file is encrypted and no passphrase was given."""
    return ReadingProblem(
        message("The workbook is protected by a password."),
        remedy=message("Give its password, or save a copy without one in the spreadsheet program."),
    )


def not_a_workbook(reason: str) -> ReadingProblem:
    """The bytes are no spreadsheet this program knows."""
    return ReadingProblem(
        message("This is not a readable workbook: {reason}.", reason=reason),
        remedy=message("Open it in a spreadsheet program and save it as .xlsx, .ods or .csv, then choose that file."),
    )


def too_large(reason: str) -> ReadingProblem:
    """A cap of `limits` was passed."""
    return ReadingProblem(
        message("The file is refused because it is too large: {reason}.", reason=reason),
        remedy=message("Split it, or save only the sheet with the register as .xlsx or .csv."),
    )


def looks_hostile(reason: str) -> ReadingProblem:
    """The file uses a construction that honest spreadsheets never use."""
    return ReadingProblem(
        message("The file is refused because it may be meant to do harm: {reason}.", reason=reason),
        remedy=message("Ask the sender for a copy saved anew by a spreadsheet program."),
    )
