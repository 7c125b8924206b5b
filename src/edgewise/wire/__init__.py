"""Bodies in and out: JSON to commands, outcomes to JSON. Decides nothing."""
