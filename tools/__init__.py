"""What people who work on the project run, and no factory needs."""
