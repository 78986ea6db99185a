"""Start repwatch. `--version` is answered before anything heavy is imported."""

from __future__ import annotations

import sys

from repwatch import __version__


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"repwatch {__version__}\n")
        return
    try:
        from repwatch.cli.start import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # so early that there is no language yet to say anything in
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
