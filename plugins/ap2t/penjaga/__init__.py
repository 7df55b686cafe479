"""The watch over open sessions, and over what the system itself needs."""
