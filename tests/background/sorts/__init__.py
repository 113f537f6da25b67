"""Types of jobs that tests alone need, found as the product's are."""
