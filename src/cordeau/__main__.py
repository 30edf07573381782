"""`python -m cordeau`, the same as `cordeau`."""

import sys

from cordeau.cli.main import main

sys.exit(main())
