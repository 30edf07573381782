"""Migrates a base again and again, killed at one statement after the other, to the end.

`python -m tests.grappe.migrer_tue URL PAS` forks one migration after the other. On MariaDB each is
killed before, then after, the PAS-th CREATE, ALTER or DROP that its predecessors did not run. On
SQLite, where a killed one leaves nothing, each is killed PAS statements further than the last.
Prints how many were killed.
"""

import os
import signal
import sys
from itertools import count
from typing import Any

from sqlalchemy import event

from cordeau import migrate
from cordeau.core.db import Database
from cordeau.migrations import reprise

DDL = ("CREATE", "ALTER", "DROP")
DML = ("INSERT", "UPDATE", "DELETE")
ESSAIS_MAX = 2_000


def main(url: str, pas: int) -> int:
    """0 once a migration came to its end."""
    for tues in range(ESSAIS_MAX):
        pid = os.fork()
        if pid == 0:
            _migrer(url, tues, pas)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code == 0:
            sys.stdout.write(f"{tues}\n")
            return 0
        if code != -signal.SIGKILL:
            return code
    return 1


def _migrer(url: str, tues: int, pas: int) -> None:
    """Migrate, and die at a statement; on SQLite each run begins again, so one further."""
    database = Database(url)
    comptes = (*DDL, *DML) if database.is_sqlite else DDL
    fatal = pas * (tues // 2 + 1) if database.is_sqlite else pas
    rangs = count(1)

    @event.listens_for(database.engine, f"{'before' if tues % 2 else 'after'}_cursor_execute")
    def mourir(_connexion: Any, _curseur: Any, ordre: str, *_reste: Any) -> None:
        compte = ordre.lstrip().upper().startswith(comptes) and reprise.TABLE not in ordre
        if compte and next(rangs) >= fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    migrate.upgrade(database)
    database.dispose()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
