"""What Alembic runs: migrations speak through the connection they are handed."""

from __future__ import annotations

from alembic import context

from repwatch.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
