"""Items from and to other systems' files. Pure: readers give drafts and every problem by its place; nothing is written."""
