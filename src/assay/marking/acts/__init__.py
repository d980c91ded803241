"""What examiners do: draw papers, score, mark written answers, mark again."""
