"""What every context stands on: database, money, dates, refusals, rights, numbering, jobs."""
