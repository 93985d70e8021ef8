"""`countersign demo`: the main job from nothing, on the embedded sample."""

from __future__ import annotations


def demo() -> None:
    """Later."""
