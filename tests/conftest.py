"""What all tests share."""

from __future__ import annotations

import signal

from hypothesis import settings

# A shell without job control starts background work with Ctrl-C ignored; the tests of Ctrl-C need it heard.
signal.signal(signal.SIGINT, signal.default_int_handler)
# No test is timed: a busy machine is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
