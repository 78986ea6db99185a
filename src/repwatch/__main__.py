"""Start repwatch. `--version` is answered before anything heavy is imported."""

from __future__ import annotations

import sys

from repwatch import __version__


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"repwatch {__version__}\n")
        return
    from repwatch.cli.start import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
