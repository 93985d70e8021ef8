"""The application: composition root, and what is done with whole vaults."""
