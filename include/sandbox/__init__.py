"""The embedded default: the AP2T sandbox, demo ACMT data, and the local stack around Airflow."""
