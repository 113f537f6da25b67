"""What the whole studio stands on and no domain word is in: files written whole, and V8."""
