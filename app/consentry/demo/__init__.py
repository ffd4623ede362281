"""What the demo brings along (design §1): patients and their bundles."""
