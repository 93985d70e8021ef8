"""Numbers of things in words, in the plural that the language in use has for them."""

from __future__ import annotations

from domain.messages import plural_message


def entries(count: int) -> str:
    """So many entries of the log."""
    return plural_message("{count} entry", "{count} entries", count)


def changes(count: int) -> str:
    """So many changes of records."""
    return plural_message("{count} change", "{count} changes", count)


def rows(count: int) -> str:
    """So many rows of a table."""
    return plural_message("{count} row", "{count} rows", count)


def files(count: int) -> str:
    """So many files."""
    return plural_message("{count} file", "{count} files", count)


def findings(count: int) -> str:
    """So many findings of a verification."""
    return plural_message("{count} finding", "{count} findings", count)


def checks(count: int) -> str:
    """So many checks of a closure pack."""
    return plural_message("{count} check", "{count} checks", count)


def items(count: int) -> str:
    """So many items."""
    return plural_message("{count} item", "{count} items", count)


def links(count: int) -> str:
    """So many links of an item."""
    return plural_message("{count} link", "{count} links", count)


def problems(count: int) -> str:
    """So many further problems of an import."""
    return plural_message("{count} more problem", "{count} more problems", count)


def free_days(count: int) -> str:
    """So many further free days of a calendar."""
    return plural_message("{count} more free day", "{count} more free days", count)


def packs(count: int) -> str:
    """So many closure packs."""
    return plural_message("{count} closure pack", "{count} closure packs", count)


def alerts(count: int) -> str:
    """So many alerts."""
    return plural_message("{count} alert", "{count} alerts", count)
