"""What every page and API call shares: refusals, headers, replay."""
