"""The procedures of the scoring floor, one table each."""
