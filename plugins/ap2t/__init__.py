"""Pengesahan stan meter: from ACMT's readings to posting 1 in AP2T, with a person's approval in between."""

__version__ = "0.1.0"
