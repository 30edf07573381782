"""Who is there and what they may do: users, sessions, API tokens, the rights table."""
