"""The law's own tables, in numbered files: what rules know about letters, whichever Python runs them."""
