"""Texts that the faces offer to people."""
