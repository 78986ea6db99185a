"""The store's migrations, run by `Store.open`; never by hand."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def settings(connection: Connection | None = None) -> Config:
    """Return Alembic's settings for the migrations shipped with this program."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the database behind `connection` to `revision`, inside the transaction that is open."""
    command.upgrade(settings(connection), revision)
