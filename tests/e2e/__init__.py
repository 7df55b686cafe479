"""Tests of a running Airflow: a package, so that the stack they share ends with the last of them."""
