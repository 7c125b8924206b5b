"""v3: records, and associations by type name. Source: published documents of v3, docs/behaviour.md, section 4."""

from edgewise.surfaces.surface import Surface

SURFACE = Surface(
    version="v3",
    link_lists="/crm/v3/objects",
    prefixes={
        "records": ("/crm/v3/objects",),
        "typed_links": ("/crm/v3/objects",),
        "named_links": ("/crm/v3/objects",),
        "named_batch_links": ("/crm/v3/associations",),
        "usage": ("/crm/v3/limits",),
        "schemas": ("/crm-object-schemas/v3", "/crm/v3"),
        "properties": ("/crm/v3/properties",),
        "pipelines": ("/crm/v3/pipelines",),
        "owners": ("/crm/v3/owners",),
        "owners_slash": ("/crm/v3/owners",),
        "account": ("/account-info/v3",),
        "oauth": ("/oauth/v3",),
        "oauth_inspection": ("/oauth/v3",),
    },
    changes={
        name: {"unpublished": "guides and older SDKs ask under `/crm/v3/schemas` too"}
        for name in (
            "list_schemas",
            "create_schema",
            "read_schemas_batch",
            "read_schema",
            "update_schema",
            "delete_schema",
            "create_schema_association",
            "delete_schema_association",
        )
    },
)
