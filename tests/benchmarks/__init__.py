"""Ratios against bare scripts, side by side in one run: ``make bench``."""

from pathlib import Path


def dag_kosong_berkas() -> Path:
    """Return the file of the DAG that does nothing."""
    return Path(__file__).with_name("dag_kosong.py")
