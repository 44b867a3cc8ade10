"""Run the command line: `python -m toolkit …`."""

import sys

try:
    from toolkit.cli import main
except KeyboardInterrupt:
    print("Stopped before it was done.", file=sys.stderr)  # noqa: T201 - a command line speaks
    sys.exit(130)

sys.exit(main())
