"""What people are shown: reading only, above the procedure."""
