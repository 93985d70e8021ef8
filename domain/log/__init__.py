"""The signed log: canonical bytes, entries, Merkle tree, checkpoints, replay."""
