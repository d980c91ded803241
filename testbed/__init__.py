"""Real parts for tests and measurements: a private PostgreSQL, halls and offices as processes that can be killed."""
