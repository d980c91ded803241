"""Putting papers together: a blueprint, a pool of items, and one or many parallel forms that keep every rule. Pure."""
