"""What every page and API route shares: layout, forms, refusals as responses, assets."""
