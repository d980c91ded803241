"""Which store an address means. Only the one that is asked for is loaded."""

from __future__ import annotations

from assay.hall.store.contract import Store


def store_for(url: str) -> Store:
    """A PostgreSQL store for postgresql://…, else an SQLite file."""
    file = file_of(url)
    if not file:
        from assay.hall.store.postgresql import PostgresqlStore

        return PostgresqlStore(url)
    from assay.hall.store.sqlite import SqliteStore

    return SqliteStore(file)


def file_of(url: str) -> str:
    """The SQLite file that an address means; "" for a store on a server."""
    return "" if url.startswith(("postgresql://", "postgres://")) else url.removeprefix("sqlite:///")
