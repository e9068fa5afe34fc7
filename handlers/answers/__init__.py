"""What members ask, one module per thing."""
