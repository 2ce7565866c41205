"""Pages of the scoring floor; ``scoring.urls`` names each one."""
