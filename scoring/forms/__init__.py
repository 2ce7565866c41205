"""Forms of the scoring floor; import the module you need."""
