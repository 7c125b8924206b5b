"""The same script through each Python client library, as it is: it builds a book of customers and reads it back.

A script is told what to build by a plan, and tells what it built and found as a `Told`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypedDict

import hubspot
import hubspot_sdk
from hubspot.crm import companies as companies_api
from hubspot.crm import contacts as contacts_api
from hubspot.crm.associations import v4 as links_api
from hubspot.crm.associations.v4 import schema as labels_api

from tests.connectors.job import TOKEN
from tests.support.crm import HUBSPOT, parts
from tests.support.portal import USER

COMPANIES = 200
CONTACTS_PER_COMPANY = 5
PAGES = 5
"""That a search for all contacts takes."""

PRIMARY_ID = 1


class Plan(TypedDict):
    """companies and contacts: their properties; a contact's `city` is that of its company.

    tag: the `company` property of every contact, which nobody else has. heads: the emails of those who get the label.
    """

    tag: str
    label: str
    inverse: str
    companies: list[dict[str, str]]
    contacts: list[dict[str, str]]
    heads: list[str]


class Told(TypedDict):
    """companies: ids by city. contacts: ids by email. label_ids: of both halves.

    by_company, by_city, by_email: ids of the contacts that a search found. all: as well, over all pages.
    links: by the type of the source, a row for each type of each link.
    """

    companies: dict[str, str]
    contacts: dict[str, str]
    label_ids: list[int]
    by_company: dict[str, list[str]]
    by_city: dict[str, list[str]]
    by_email: dict[str, list[str]]
    all: list[str]
    links: dict[str, list[list[Any]]]


def plan_for(tag: str) -> Plan:
    cities = [f"Città {n} di {tag}" for n in range(COMPANIES)]
    contacts = [
        {"email": f"{m}@{n}.{tag}.example", "city": city, "company": tag, "lastname": "O'Neil, Zoë"}
        for n, city in enumerate(cities)
        for m in range(CONTACTS_PER_COMPANY)
    ]
    return {
        "tag": tag,
        "label": f"Head {tag}",
        "inverse": f"Headed by {tag}",
        "companies": [{"name": f"Company {n}", "city": city} for n, city in enumerate(cities)],
        "contacts": contacts,
        "heads": [each["email"] for each in contacts[::CONTACTS_PER_COMPANY]],
    }


class Library(Protocol):
    """What a script needs of a client library; each method calls what the library has for it."""

    def close(self) -> None: ...

    def label(self, label: str, inverse: str, name: str) -> list[int]:
        """Define a label of contacts and companies; answers the ids of its halves."""

    def create_companies(self, properties: Sequence[Mapping[str, str]]) -> Iterable[Any]: ...

    def create_contacts(self, with_companies: Sequence[tuple[Mapping[str, str], str]]) -> Iterable[Any]:
        """Make contacts, each with its primary company."""

    def link(self, pairs: Sequence[tuple[str, str]], type_id: int) -> None: ...

    def search(self, property_name: str, value: str, after: str) -> Any:
        """A page of the contacts with a value."""

    def links(self, source_type: str, target_type: str, ids: Sequence[str]) -> Iterable[Any]: ...


def run(library: Library, plan: Plan) -> Told:
    """Build what is planned and read it back, twice: by search and by links."""
    label_ids = library.label(plan["label"], plan["inverse"], f"head_{plan['tag']}")
    companies = {
        made.properties["city"]: made.id
        for part in parts(plan["companies"], 100)
        for made in library.create_companies(part)
    }
    wanted = [(properties, companies[properties["city"]]) for properties in plan["contacts"]]
    contacts = {
        made.properties["email"]: made.id
        for part in parts(wanted, 100)
        for made in library.create_contacts(part)
    }
    company_of = {properties["email"]: company for properties, company in wanted}
    library.link([(contacts[head], company_of[head]) for head in plan["heads"]], label_ids[0])

    def found(property_name: str, value: str) -> list[str]:
        return list(_all_pages(lambda after: library.search(property_name, value, after)))

    return {
        "companies": companies,
        "contacts": contacts,
        "label_ids": label_ids,
        "by_company": {each: found("associations.company", each) for each in companies.values()},
        "by_city": {each: found("city", each) for each in companies},
        "by_email": {each: found("email", each) for each in plan["heads"]},
        "all": found("company", plan["tag"]),
        "links": {
            "contacts": _rows(library.links("contacts", "companies", list(contacts.values()))),
            "companies": _rows(library.links("companies", "contacts", list(companies.values()))),
        },
    }


def _all_pages(search: Callable[[str], Any]) -> Iterator[str]:
    after = "0"
    while after:
        page = search(after)
        yield from (each.id for each in page.results)
        after = page.paging.next.after if page.paging else ""


def _rows(results: Iterable[Any]) -> list[list[Any]]:
    return [
        [
            (getattr(each, "from_", None) or each._from).id,
            str(to.to_object_id),
            type_.category,
            type_.type_id,
            type_.label,
        ]
        for each in results
        for to in each.to
        for type_ in to.association_types
    ]


class HubSpotApiClient:
    """`hubspot-api-client`."""

    def __init__(self, url: str) -> None:
        crm = hubspot.HubSpot(access_token=TOKEN, host=url).crm
        self._labels = crm.associations.v4.schema.definitions_api
        self._links = crm.associations.v4.batch_api
        self._companies, self._contacts = crm.companies.batch_api, crm.contacts.batch_api
        self._search = crm.contacts.search_api

    def close(self) -> None:
        """Close the connections, which this library leaves to the garbage collector."""
        for api in (self._labels, self._links, self._companies, self._contacts, self._search):
            api.api_client.rest_client.pool_manager.clear()

    def label(self, label: str, inverse: str, name: str) -> list[int]:
        body = labels_api.PublicAssociationDefinitionCreateRequest(
            label=label, inverse_label=inverse, name=name
        )
        made = self._labels.create("contacts", "companies", body)
        return [each.type_id for each in made.results]

    def create_companies(self, properties: Sequence[Mapping[str, str]]) -> Iterable[Any]:
        inputs = [
            companies_api.SimplePublicObjectBatchInputForCreate(properties=each, associations=[])
            for each in properties
        ]
        body = companies_api.BatchInputSimplePublicObjectBatchInputForCreate(inputs=inputs)
        results: Iterable[Any] = self._companies.create(body).results
        return results

    def create_contacts(self, with_companies: Sequence[tuple[Mapping[str, str], str]]) -> Iterable[Any]:
        primary = contacts_api.AssociationSpec(association_category=HUBSPOT, association_type_id=PRIMARY_ID)
        inputs = [
            contacts_api.SimplePublicObjectBatchInputForCreate(
                properties=properties,
                associations=[
                    contacts_api.PublicAssociationsForObject(
                        to=contacts_api.PublicObjectId(id=company), types=[primary]
                    )
                ],
            )
            for properties, company in with_companies
        ]
        body = contacts_api.BatchInputSimplePublicObjectBatchInputForCreate(inputs=inputs)
        results: Iterable[Any] = self._contacts.create(body).results
        return results

    def link(self, pairs: Sequence[tuple[str, str]], type_id: int) -> None:
        types = [links_api.AssociationSpec(association_category=USER, association_type_id=type_id)]
        inputs = [
            links_api.PublicAssociationMultiPost(
                _from=links_api.PublicObjectId(id=source), to=links_api.PublicObjectId(id=target), types=types
            )
            for source, target in pairs
        ]
        body = links_api.BatchInputPublicAssociationMultiPost(inputs=inputs)
        self._links.create("contacts", "companies", body)

    def search(self, property_name: str, value: str, after: str) -> Any:
        wanted = contacts_api.Filter(property_name=property_name, operator="EQ", value=value)
        body = contacts_api.PublicObjectSearchRequest(
            filter_groups=[contacts_api.FilterGroup(filters=[wanted])], limit=200, after=after
        )
        return self._search.do_search(body)

    def links(self, source_type: str, target_type: str, ids: Sequence[str]) -> Iterable[Any]:
        inputs = [links_api.PublicFetchAssociationsBatchRequest(id=each) for each in ids]
        body = links_api.BatchInputPublicFetchAssociationsBatchRequest(inputs=inputs)
        read = self._links.get_page(source_type, target_type, body)
        results: Iterable[Any] = read.results
        return results


class HubSpotSdk:
    """`hubspot-sdk`."""

    def __init__(self, url: str) -> None:
        http_client = hubspot_sdk.DefaultHttpxClient(trust_env=False)
        self._client = hubspot_sdk.HubSpot(access_token=TOKEN, base_url=url, http_client=http_client)
        self._crm = self._client.crm

    def close(self) -> None:
        self._client.close()

    def label(self, label: str, inverse: str, name: str) -> list[int]:
        made = self._crm.associations_schema.labels.create_label(
            "companies", from_object_type="contacts", label=label, inverse_label=inverse, name=name
        )
        return [each.type_id for each in made.results]

    def create_companies(self, properties: Sequence[Mapping[str, str]]) -> Iterable[Any]:
        inputs: Any = [{"properties": each, "associations": []} for each in properties]
        return self._crm.objects.companies.batch.create(inputs=inputs).results

    def create_contacts(self, with_companies: Sequence[tuple[Mapping[str, str], str]]) -> Iterable[Any]:
        primary = {"association_category": HUBSPOT, "association_type_id": PRIMARY_ID}
        inputs: Any = [
            {"properties": properties, "associations": [{"to": {"id": company}, "types": [primary]}]}
            for properties, company in with_companies
        ]
        return self._crm.objects.contacts.batch.create(inputs=inputs).results

    def link(self, pairs: Sequence[tuple[str, str]], type_id: int) -> None:
        types = [{"association_category": USER, "association_type_id": type_id}]
        inputs: Any = [
            {"from": {"id": source}, "to": {"id": target}, "types": types} for source, target in pairs
        ]
        self._crm.associations.batch.create("companies", from_object_type="contacts", inputs=inputs)

    def search(self, property_name: str, value: str, after: str) -> Any:
        wanted: Any = {"property_name": property_name, "operator": "EQ", "value": value}
        return self._crm.objects.contacts.search(
            filter_groups=[{"filters": [wanted]}], sorts=[], properties=[], limit=200, after=after
        )

    def links(self, source_type: str, target_type: str, ids: Sequence[str]) -> Iterable[Any]:
        inputs: Any = [{"id": each} for each in ids]
        return self._crm.associations.batch.get(
            target_type, from_object_type=source_type, inputs=inputs
        ).results
