"""Dialogs: small questions that need an answer before an act. Each opens without blocking the window."""
