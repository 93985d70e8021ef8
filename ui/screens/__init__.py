"""Screens: one file each. They build widgets, wire signals, and hand work to the worker; they hold no rule."""
