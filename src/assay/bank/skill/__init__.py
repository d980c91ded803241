"""Operation-skill tasks: their sheets (points, veto items, what has to be at hand), versions of a paper, its prints."""
