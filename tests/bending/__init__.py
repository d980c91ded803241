"""Sound files with something wrong in them: whatever is brought in ends in rows or in named problems."""
