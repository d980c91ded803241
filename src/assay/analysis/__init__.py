"""What the answers say about the items: classical figures, item response models, differences between groups. Pure."""
