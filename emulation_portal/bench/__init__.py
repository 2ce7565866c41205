"""Measures the portal's pages beside a floor: what a bare Django page costs on the same machine in the same minute."""
