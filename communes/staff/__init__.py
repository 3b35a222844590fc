"""Staff: inviting by printed slips, handing over, deactivating, opening and closing communes."""
