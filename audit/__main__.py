"""`python -m audit [--strict]`: the known vulnerabilities of everything the locks name.

0: nothing that is not accepted, or no answer from a service (said aloud); 1: a vulnerability, or an
acceptance out of date; 2, with `--strict`: something could not be checked.
"""

import argparse
import sys
from datetime import UTC, datetime

from audit.acceptations import lire_acceptations
from audit.rapport import juger
from audit.releves import relever_npm, relever_pip


def main() -> int:
    """Ask both services, judge, print."""
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    parser.add_argument(
        "--strict", action="store_true", help="échoue aussi quand un service ne répond pas"
    )
    options = parser.parse_args()
    verdict = juger(
        [relever_pip(), relever_npm()],
        lire_acceptations(),
        le=datetime.now(UTC).date(),
        strict=options.strict,
    )
    print("\n".join(verdict.lignes))
    return verdict.code


if __name__ == "__main__":
    sys.exit(main())
