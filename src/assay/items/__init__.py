"""What an item is: its markup, its answers and when they are right, what is wrong with it, the sheet of a task. Pure."""
