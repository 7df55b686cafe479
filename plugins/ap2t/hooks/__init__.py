"""The AP2T gateway over HTTP."""
