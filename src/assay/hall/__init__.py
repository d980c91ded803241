"""The hall: the theory exam as it runs. A program of its own that imports neither Django nor any room."""
