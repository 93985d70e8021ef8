"""The command line twin, one file per noun."""
