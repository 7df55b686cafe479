"""The Pengesahan page inside Airflow: a FastAPI app that only reads. What it changes, it changes through Airflow."""
