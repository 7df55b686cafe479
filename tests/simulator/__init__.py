"""Deterministic simulation: the product's real code and ledger under faults that a seed decides (``make faults``).

``waktu`` is time, ``ap2t`` is AP2T, ``panggung`` the stage with its databases and boundaries. ``cerita`` makes a plan
from a seed, ``lakon`` plays it as Airflow and people would, ``hakim`` judges what came of it. ``cacat``: planted bugs.
"""
