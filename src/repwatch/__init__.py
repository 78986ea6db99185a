"""Watch an employer's reputation: read public reviews and mentions, and say what is real."""

__version__ = "0.1.0"
