"""How many statements a page costs, and how the database answers them."""
