"""Personal data: given back, erased, kept as the law says."""
