"""Reminding: what everybody owes is gathered from all apps and told by plan, in one letter a day."""
