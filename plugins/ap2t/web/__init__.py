"""The Pengesahan page inside Airflow: a FastAPI app that reads, and marks what people looked at.

All else that it changes, it changes through Airflow.
"""
