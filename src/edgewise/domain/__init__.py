"""The rules: plain synchronous Python over plain values, no input or output."""
