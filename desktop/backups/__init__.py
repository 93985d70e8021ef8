"""One-file copies of a vault: made while it is open, proven before they get a name, removed by retention by age,
restored.
"""
