"""The process designer: the versions of processes, and a draft with its parts, its diagram and its proofs."""
