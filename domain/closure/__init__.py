"""The closure standard and the closure pack as data."""
