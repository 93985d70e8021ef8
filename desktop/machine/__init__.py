"""This computer: its clock, places, private files, and what the installation remembers."""
