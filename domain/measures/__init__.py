"""Figures with what they are made of: each opens into the items behind it."""
