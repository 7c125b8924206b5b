"""A job of dlt, run in the environment of the connectors: records with their links, and the labels of some links.

Arguments: the address of the server, and the folder to load into as JSON lines.
"""

import sys

import dlt
from dlt.sources.rest_api import rest_api_source

PROPERTIES = {"contacts": "email,firstname,lastname", "companies": "domain,name", "deals": "dealname,amount"}
LINKED = {"contacts": "companies,deals", "companies": "contacts,deals", "deals": "contacts,companies"}


def records(object_type):
    """All records of a type, each with its links."""
    return {
        "name": object_type,
        "primary_key": "id",
        "endpoint": {
            "path": f"crm/v3/objects/{object_type}",
            "params": {
                "limit": 100,
                "properties": PROPERTIES[object_type],
                "associations": LINKED[object_type],
                "archived": "false",
            },
            "data_selector": "results",
        },
    }


def labelled_links(source, target):
    """The links of each record of a type, with their labels."""
    return {
        "name": f"{source}_{target}",
        "primary_key": [f"_{source}_id", "toObjectId"],
        "include_from_parent": ["id"],
        "endpoint": {
            "path": f"crm/v4/objects/{source}/{{resources.{source}.id}}/associations/{target}",
            "params": {"limit": 4},
            "data_selector": "results",
        },
    }


def main(base_url, folder):
    source = rest_api_source(
        {
            "client": {
                "base_url": base_url,
                "auth": {"type": "bearer", "token": "pat-na1-any"},
                "paginator": {"type": "json_link", "next_url_path": "paging.next.link"},
            },
            "resources": [
                *map(records, PROPERTIES),
                labelled_links("contacts", "companies"),
                labelled_links("companies", "contacts"),
            ],
        },
        name="crm",
    )
    source.max_table_nesting = 0  # a record is loaded as it came
    pipeline = dlt.pipeline(
        "crm",
        destination=dlt.destinations.filesystem(folder),
        dataset_name="loaded",
        pipelines_dir=f"{folder}/state",
    )
    pipeline.run(source, loader_file_format="jsonl").raise_on_failed_jobs()


main(*sys.argv[1:])
