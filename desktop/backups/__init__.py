"""One-file copies of a vault: made while it is open, proven before they get a name, thinned by age, restored."""
