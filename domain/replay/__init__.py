"""The log carried out again: the state as of an entry, and each command decided once more on it."""
