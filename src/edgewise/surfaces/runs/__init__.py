"""What each operation asks of the store, between its decoding and its encoding."""
