"""The first floor: police units, their staff, and what a commune publishes. Never touches a tip."""
