"""What the accountant does, one module for each subject."""
