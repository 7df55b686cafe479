"""Pure rules of pengesahan: no Airflow, no I/O."""
