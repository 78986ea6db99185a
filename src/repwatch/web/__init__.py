"""The outside world over HTTP: a polite client, one thread a host, the archive and its replay."""
