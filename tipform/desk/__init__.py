"""Every screen of an officer, over `access`: who sees which tips."""
