"""Keys, slots and sessions."""
