"""A rehearsal: a whole batch played through the real acts, with simulated candidates before the running hall."""
