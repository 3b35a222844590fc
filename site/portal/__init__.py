"""How the portal is wired and served: settings, addresses, health, middleware. The top floor."""
