"""Requests of limits tracking, and for the high-usage report."""

from tests.conformance.case import USUAL, Asked
from tests.support.crm import Crm

_PAIR = ("0-2", "0-1")


def crowded_pair(crm: Crm) -> Asked:
    """Two tickets of at most five orders: one near that limit and one at it."""
    pair = "/crm/associations/2026-03/definitions/configurations/tickets/orders"
    limit = {"category": "HUBSPOT_DEFINED", "typeId": 526, "maxToObjectIds": 5}
    assert crm.post(f"{pair}/batch/update", {"inputs": [limit]}).is_success
    for ticket, count in zip(crm.create("tickets", 2), (4, 5), strict=True):
        for order in crm.create("orders", count):
            crm.link("tickets", ticket, "orders", order)
    return Asked(("0-5", "0-123"))


USAGE = [
    ("list_label_usage", "every_pair", USUAL, lambda crm: Asked(())),
    (
        "list_label_usage",
        "one_direction",
        USUAL,
        lambda crm: Asked((), query={"fromObjectTypeId": "0-1", "toObjectTypeId": "0-2"}),
    ),
    ("list_label_usage", "an_unknown_id", 400, lambda crm: Asked((), query={"fromObjectTypeId": "0-9999"})),
    (
        "list_label_usage",
        "an_unknown_name",
        400,
        lambda crm: Asked((), query={"toObjectTypeId": "butterflies"}),
    ),
    ("list_crowded_sources", "crowded_records", USUAL, lambda crm: Asked(crowded_pair(crm).params[2:])),
    ("list_crowded_targets", "crowded_records", USUAL, lambda crm: Asked(crowded_pair(crm).params[:1])),
    ("list_crowded_targets", "no_crowded_records", USUAL, lambda crm: Asked(("goals",))),
    ("list_crowded_targets", "an_unknown_id", 400, lambda crm: Asked(("0-9999",))),
    ("read_link_usage", "crowded_records", USUAL, crowded_pair),
    ("read_link_usage", "no_crowded_records", USUAL, lambda crm: Asked(_PAIR)),
    ("read_link_usage", "types_that_are_never_linked", USUAL, lambda crm: Asked(("goals", "carts"))),
    ("read_link_usage", "an_unknown_id", 400, lambda crm: Asked(("0-1", "2-9999"))),
    ("read_calculated_property_usage", "every_type", USUAL, lambda crm: Asked(())),
    ("read_custom_object_type_usage", "one_type", USUAL, lambda crm: Asked(())),
    ("read_custom_property_usage", "every_type", USUAL, lambda crm: Asked(())),
    ("read_pipeline_usage", "every_type", USUAL, lambda crm: Asked(())),
    ("read_record_usage", "every_type", USUAL, lambda crm: Asked(())),
    ("order_high_usage_report", "a_user", USUAL, lambda crm: Asked(("42",))),
    ("order_high_usage_report", "an_id_that_is_no_number", 400, lambda crm: Asked(("x",))),
    ("order_high_usage_report", "an_id_of_more_than_32_bits", 400, lambda crm: Asked(("2147483648",))),
]
