"""v1: OAuth's first tokens, which may also be asked for by the query, which account a token opens, and pipelines.

Source: published document of v1; docs/behaviour.md, sections 18 and 19.
"""

from edgewise.surfaces.surface import Surface
from edgewise.wire.oauth import decode_token_v1

SURFACE = Surface(
    version="v1",
    link_lists="",
    prefixes={
        "oauth": ("/oauth/v1",),
        "oauth_tokens": ("/oauth/v1",),
        "integrator": ("/integrations/v1",),
        "older_pipelines": ("/crm-pipelines/v1",),
    },
    changes={"create_token": {"decode": decode_token_v1, "query": ("client_secret", "refresh_token")}},
)
