"""A book of customers: what a job puts in, or must bring out again. Each link is held as each of its ends tells it."""

from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import Any, NamedTuple

from tests.support import paths
from tests.support.crm import HUBSPOT, Crm, parts, spec
from tests.support.portal import USER
from tests.support.schemas import schema

COMPANIES = 110
"""More than a page of any list."""

CONTACTS_PER_COMPANY = 3
CARS = "p1000001_cars"
NAMES = ("Ada", "Zoë", "O'Neil", "李", 'the "Quoted", and\nbroken')
KEYS = {"companies": "domain", "contacts": "email", "deals": "dealname", CARS: "model"}
"""The property that tells the records of a type apart."""


class Half(NamedTuple):
    """An association type, as one end has it."""

    category: str
    type_id: int
    label: str | None


class Row(NamedTuple):
    """A link as one end tells it, once for each of its types."""

    source_id: str
    target_id: str
    category: str
    type_id: int
    label: str | None


def by_type(rows: Iterable[Row]) -> list[Row]:
    """Rows in one order; a label may be None, and a row may be there twice."""
    return sorted(rows, key=lambda row: row[:4])


Kind = tuple[Half, Half]
EMPLOYEE: Kind = (Half(HUBSPOT, 279, None), Half(HUBSPOT, 280, None))
PRIMARY: Kind = (Half(HUBSPOT, 1, "Primary"), Half(HUBSPOT, 2, "Primary"))
DEAL_OF_CONTACT: Kind = (Half(HUBSPOT, 3, None), Half(HUBSPOT, 4, None))
DEAL_OF_COMPANY: Kind = (Half(HUBSPOT, 341, None), Half(HUBSPOT, 342, None))
PRIMARY_OF_DEAL: Kind = (Half(HUBSPOT, 5, "Primary"), Half(HUBSPOT, 6, "Primary"))


class Book:
    """records: by type and id, the properties that were given. links: by the types of source and target."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self.records: dict[str, dict[str, dict[str, str]]] = {}
        self.links: dict[tuple[str, str], set[Row]] = {}

    def add(self, object_type: str, wanted: Sequence[dict[str, str]]) -> list[str]:
        """Make records; answers their ids in the order of what was wanted."""
        key, ids = KEYS[object_type], {}
        for part in parts(wanted, 100):
            inputs = [{"properties": properties} for properties in part]
            made = self._done(f"{paths.records('v3', object_type)}/batch/create", {"inputs": inputs})
            ids |= {each["properties"][key]: each["id"] for each in made["results"]}
        added = {ids[properties[key]]: dict(properties) for properties in wanted}
        self.records.setdefault(object_type, {}).update(added)
        return list(added)

    def change(self, object_type: str, changes: dict[str, dict[str, str]]) -> None:
        """Change records by id, at most a batch of them."""
        inputs = [{"id": record_id, "properties": changed} for record_id, changed in changes.items()]
        self._done(f"{paths.records('v3', object_type)}/batch/update", {"inputs": inputs})
        for record_id, changed in changes.items():
            self.records[object_type][record_id] |= changed

    def link(self, source_type: str, target_type: str, pairs: Iterable[Sequence[str]], *kinds: Kind) -> None:
        """Link records in every given way at once."""
        pairs = list(pairs)
        types = [spec(half.type_id, half.category) for half, _ in kinds]
        inputs = [{"from": {"id": s}, "to": {"id": t}, "types": types} for s, t in pairs]
        for part in parts(inputs, 1000):
            self._done(paths.batch("v4", source_type, target_type, "create"), {"inputs": part})
        self.note(source_type, target_type, pairs, *kinds)

    def note(self, source_type: str, target_type: str, pairs: Iterable[Sequence[str]], *kinds: Kind) -> None:
        """Hold links that are there."""
        forth = self.links.setdefault((source_type, target_type), set())
        back = self.links.setdefault((target_type, source_type), set())
        for source_id, target_id in pairs:
            forth |= {Row(source_id, target_id, *half) for half, _ in kinds}
            back |= {Row(target_id, source_id, *half) for _, half in kinds}

    def label(self, source_type: str, target_type: str, label: str, inverse: str) -> Kind:
        """Define a label with another text at the other end."""
        body = {"label": label, "inverseLabel": inverse, "name": label.lower().replace(" ", "_")}
        made = self._done(paths.labels("v4", source_type, target_type), body)["results"]
        first, second = (Half(each["category"], each["typeId"], each["label"]) for each in made)
        assert (first.label, second.label) == (label, inverse)
        return first, second

    def unlabelled(self, source_type: str, target_type: str) -> Kind:
        """The type without a label that a custom object type has."""
        forth, back = (
            self._type_without_label(pair)
            for pair in ((source_type, target_type), (target_type, source_type))
        )
        return Half(USER, forth, None), Half(USER, back, None)

    def _type_without_label(self, pair: tuple[str, str]) -> int:
        listed = self._crm.get(paths.labels("v4", *pair)).json()["results"]
        (found,) = (each["typeId"] for each in listed if each["label"] is None)
        return int(found)

    def _done(self, path: str, body: Any) -> Any:
        answer = self._crm.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


def full_book(crm: Crm) -> Book:
    """Companies with contacts, deals and cars, linked many to many; some links have labels."""
    book, names, companies = Book(crm), cycle(NAMES), range(COMPANIES)
    answer = crm.post("/crm-object-schemas/v3/schemas", schema("cars", associatedObjects=["CONTACT"]))
    assert answer.status_code == 201, answer.text

    firms = book.add(
        "companies", [{"domain": f"{n}.example", "name": f"{next(names)} & Co"} for n in companies]
    )
    people = book.add(
        "contacts",
        [
            {"email": f"{m}@{n}.example", "firstname": next(names), "lastname": next(names)}
            for n in companies
            for m in range(CONTACTS_PER_COMPANY)
        ],
    )
    deals = book.add("deals", [{"dealname": f"Deal {n}", "amount": str(n * 100)} for n in companies])
    cars = book.add(CARS, [{"model": f"Model {n}", "year": str(1900 + n)} for n in companies])

    decider = book.label("contacts", "companies", "Decision maker", "Decided by")
    driver = book.label(CARS, "contacts", "Driven by", "Drives")
    firms_of_people = [firm for firm in firms for _ in range(CONTACTS_PER_COMPANY)]
    other_firms = [firm for firm in firms[1:] + firms[:1] for _ in range(CONTACTS_PER_COMPANY)]
    heads = people[::CONTACTS_PER_COMPANY]
    book.link("contacts", "companies", zip(people, firms_of_people, strict=True), PRIMARY, EMPLOYEE)
    book.link("contacts", "companies", zip(people, other_firms, strict=True), EMPLOYEE)
    book.link("contacts", "companies", zip(heads, firms, strict=True), decider)
    book.link("deals", "contacts", zip(deals, heads, strict=True), DEAL_OF_CONTACT)
    book.link("deals", "companies", zip(deals, firms, strict=True), PRIMARY_OF_DEAL, DEAL_OF_COMPANY)
    book.link(CARS, "contacts", zip(cars, heads, strict=True), book.unlabelled(CARS, "contacts"), driver)
    return book
