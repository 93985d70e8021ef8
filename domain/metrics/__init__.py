"""Metrics: late work by cause, breaches, reopenings, exceptions, and their reports."""
