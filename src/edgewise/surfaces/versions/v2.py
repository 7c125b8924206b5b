"""v2: what a token of a private app is. Source: guide to private apps, docs/behaviour.md, section 8.1."""

from edgewise.surfaces.surface import Surface

SURFACE = Surface(version="v2", link_lists="", prefixes={"private_app_tokens": ("/oauth/v2/private-apps",)})
