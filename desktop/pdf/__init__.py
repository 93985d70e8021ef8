"""Printing and verifying closure packs."""
