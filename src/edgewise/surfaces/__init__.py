"""The published versions of the API: every operation once, and what each version does differently."""
