"""Texts for people that the faces hand to commands: what is signed in words."""
