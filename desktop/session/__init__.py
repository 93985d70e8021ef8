"""The session: an unlocked vault in one person's hands, and its services."""
