"""The application: composition root, command line, and the adapters to vault, store, workbooks and PDF."""
