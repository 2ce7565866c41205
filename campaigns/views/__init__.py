"""Pages of the campaigns."""
