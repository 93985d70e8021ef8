"""Temporary folders that the next start can tell from those in use."""
