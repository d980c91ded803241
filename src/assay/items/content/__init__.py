"""What stands in an item: text with formulas, pictures and tables, in one markup that every other form is made from."""
