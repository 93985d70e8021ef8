"""The law: governance rules, the signed log, tracker understanding, closure. Pure values and functions.

Nothing here knows Qt, SQL, files, clocks or a cipher library; the standard library and msgspec only.
"""
