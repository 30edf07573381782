"""The foundations: money, numbers, transactions, jobs, lists."""
