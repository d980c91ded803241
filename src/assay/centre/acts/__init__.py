"""What may be done about the centre itself: its settings, accounts and posts, reference data, second factors."""
