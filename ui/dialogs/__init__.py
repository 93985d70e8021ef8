"""One dialog, one file."""
