"""A package, so that nobody else's tests, installed beside it, are taken for these."""
