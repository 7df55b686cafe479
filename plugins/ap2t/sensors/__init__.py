"""Waiting for readiness and for a person."""
