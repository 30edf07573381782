"""Rules of the code itself: rights, sizes, commits, glossary."""
