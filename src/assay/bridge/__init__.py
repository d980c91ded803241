"""What the office and the hall share: the words of their talk, how it is sealed, who may be where. Neither knows more of the other."""
