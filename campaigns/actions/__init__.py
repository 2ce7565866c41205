"""What people do with campaigns, criteria sets and registrations."""
