"""Airflow's adapters of the procedure's steps: thin, no rule of their own."""
