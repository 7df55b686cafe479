"""Proof: the trail, its seals and every rule checked again."""
