"""A commune opens, closes, opens again: services and the screens of the wizard."""
