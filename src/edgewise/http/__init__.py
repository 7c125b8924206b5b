"""The one path of every request, from bytes to bytes."""
