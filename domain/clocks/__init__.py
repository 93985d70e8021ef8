"""Clocks: working time of the site, how long work has stood where it stands, and who has to hear of it."""
