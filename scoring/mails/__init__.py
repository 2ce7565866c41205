"""Letters of the scoring floor."""
