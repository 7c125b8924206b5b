"""What tells a record."""

import pytest

from edgewise.domain.errors import InvalidIdentifier, InvalidRecordId
from edgewise.domain.record_keys import (
    Upsert,
    key_in_body,
    key_in_path,
    property_key,
    shown_key,
)


@pytest.mark.parametrize("id_property", [None, "", "hs_object_id"])
def test_without_another_property_the_id_tells_a_record(id_property: str | None):
    assert key_in_path("7", id_property) == key_in_body("7", id_property) == key_in_body(7, id_property) == 7
    with pytest.raises(InvalidRecordId):
        key_in_path("x", id_property)
    with pytest.raises(InvalidIdentifier):
        key_in_body("x", id_property)


def test_any_property_tells_a_record():
    key = property_key("code", "7")
    assert key_in_path("7", "code") == key_in_body("7", "code") == key_in_body(7, "code") == key
    assert key.tells("7")
    assert not key.tells("07")
    assert not key.tells(None)


def test_an_email_tells_a_record_in_any_case_and_is_kept_as_written():
    key, same = property_key("email", "A@b"), property_key("email", "a@B")
    assert key == same
    assert len({key, same}) == 1
    assert (key.value, shown_key(key), shown_key(7)) == ("A@b", "A@b", 7)
    assert key.tells("a@b")
    assert property_key("code", "A") != property_key("code", "a")


def test_a_record_that_is_made_has_the_value_that_tells_it():
    upsert = Upsert(property_key("email", "A@b"), {"email": "c@d", "name": "Ann", "age": None}, creates=True)
    assert upsert.new_properties() == {"email": "A@b", "name": "Ann"}
    assert Upsert(7, {"name": "Ann"}).new_properties() == {"name": "Ann"}
