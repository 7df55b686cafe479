"""Alembic's entry: runs on the owner's connection that :func:`ap2t.ledger.skema.migrasikan` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="versi_skema",
    version_table_schema="pengesahan",
)
with context.begin_transaction():
    context.run_migrations()
