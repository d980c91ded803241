"""What becomes of marks: outcomes, score checks, the public notice."""
