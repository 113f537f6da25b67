"""What is timed, against what. Run by ``make bench``; prints tables, asserts nothing."""
