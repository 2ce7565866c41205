"""What people do on the portal, in a real browser."""
