"""What is read from files into the scoring: catalogues of methods."""
