"""The one judge of every attempt: obstacles and verdicts."""
