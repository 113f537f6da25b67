"""What the factory learns from how its games are played, and how that decides the next ones."""
