"""v2: what a token of a private app is, and properties.

Source: guide to private apps; docs/behaviour.md, sections 8.1 and 11.
"""

from edgewise.surfaces.surface import Surface

SURFACE = Surface(
    version="v2",
    link_lists="",
    prefixes={"private_app_tokens": ("/oauth/v2/private-apps",), "older_properties": ("/properties/v2",)},
)
