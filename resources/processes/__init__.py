"""The shipped process templates."""
