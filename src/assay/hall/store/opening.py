"""Which store an address means. Only the one that is asked for is loaded."""

from __future__ import annotations

from assay.hall.store.contract import Store


def store_for(url: str) -> Store:
    """A PostgreSQL store for postgresql://…, else an SQLite file."""
    if url.startswith(("postgresql://", "postgres://")):
        from assay.hall.store.postgresql import PostgresqlStore

        return PostgresqlStore(url)
    from assay.hall.store.sqlite import SqliteStore

    return SqliteStore(url.removeprefix("sqlite:///"))
