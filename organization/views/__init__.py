"""Pages about the Sở: signing in, units, people, roles, accounts, Excel imports."""
