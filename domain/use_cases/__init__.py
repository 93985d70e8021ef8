"""One verb, one file: read, ask the gate, return an act."""
