"""What may be done with applications: handed in, imported, reviewed, corrected, made an exception of."""
