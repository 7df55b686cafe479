"""Parts of a running Airflow, killed while sessions depend on them; a package, so that its stacks are stopped then."""
