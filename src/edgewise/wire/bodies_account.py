"""Response shapes of account information, named as HubSpot names them."""

from __future__ import annotations

from edgewise.wire.bodies import Body


class PortalInformationResponse(Body):
    portal_id: int
    account_type: str
    time_zone: str
    company_currency: str
    additional_currencies: list[str]
    utc_offset: str
    utc_offset_milliseconds: int
    ui_domain: str
    data_hosting_location: str


class IntegratorInformation(Body):
    """What `/integrations/v1/me` answers; no document names it."""

    portal_id: int
    time_zone: str
    account_type: str
    currency: str
    utc_offset: str
    utc_offset_milliseconds: int


class ApiUsage(Body):
    name: str
    usage_limit: int
    current_usage: int
    collected_at: str
    fetch_status: str
    resets_at: str


class CollectionResponseApiUsageNoPaging(Body):
    results: list[ApiUsage]
