"""The log carried out again: what the one who walks it asks of each entry beside its command."""
