"""The daily schedule: which kelompok are due, and what was opened for them."""
