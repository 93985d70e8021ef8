"""The process that opens foreign files, and what only it needs."""
