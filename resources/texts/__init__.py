"""Texts that the program proposes to people."""
