"""The procedure's steps, one module a step: they use domain, ledger, source and hooks, and know no Airflow."""
