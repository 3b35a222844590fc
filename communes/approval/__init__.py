"""Approving: what waits, the screen that shows it, the decision, what its author sees, and what is due."""
