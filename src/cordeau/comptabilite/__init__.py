"""What the firm hands to its accounting: the export to JD Edwards."""
