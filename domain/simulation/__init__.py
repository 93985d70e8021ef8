"""Simulation: a process version tried on invented items, by its scenarios."""
