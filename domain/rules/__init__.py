"""The rules: what a command needs, what stands in its way, and who can help."""
