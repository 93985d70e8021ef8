"""From a tracker file to an import plan: read, find the table, match the columns, plan every row."""

from __future__ import annotations

"""placeholder"""
