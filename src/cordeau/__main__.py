"""`python -m cordeau`, the same as `cordeau`."""

import sys

from cordeau.cli import main

sys.exit(main())
