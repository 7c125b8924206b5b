"""Work that is done after the answer: the worker that does it, and what it does."""
