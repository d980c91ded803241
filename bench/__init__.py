"""Measurements: `python -m bench NAME [--case CASE] [--json FILE]` prints a table with a ratio to a yardstick."""
