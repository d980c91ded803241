"""How long a test in a browser waits for what should come."""

PATIENCE_MS = 40_000
"""Long past the hall's slowest news (a page that nobody touches asks every fifteen seconds), on a machine with much else to do. Only
what never comes is waited for so long."""
