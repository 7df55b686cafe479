"""Who may do what in Airflow's own screen and REST API, where the auth manager is FAB."""
