"""Scenarios lived through by the real engine on a register in memory."""
