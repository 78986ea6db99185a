"""Honest figures: every value with its n and an interval. Pure functions on counts."""
