"""Part 11 and Annex 11, clause by clause, judged by what one vault can show."""
