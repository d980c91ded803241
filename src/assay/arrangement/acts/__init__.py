"""A batch arranged, its arrangement mended by hand until each session is over, tickets given out."""
