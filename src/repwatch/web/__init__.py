"""The outside world over HTTP: a polite client, one thread a host, and the archive that can stand in for both."""
