"""What may be done on the way of an exam: published, opened, held, collected, typed in from paper."""
