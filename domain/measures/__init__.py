"""Figures about many items, computed from what is on record."""
