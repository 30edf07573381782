"""What the API answers to anything its description allows, and to what it forbids."""
