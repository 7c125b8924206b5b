"""What values the properties of a record may have, and how they are kept."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.data.properties import default_properties
from edgewise.domain.errors_properties import InvalidValue
from edgewise.domain.properties import FieldType, PropertyDefinition, PropertyOption, PropertyType
from edgewise.domain.property_values import (
    check,
    missing_required,
    with_appended,
)

PORTAL = 20_000_001
CONTACT = default_properties("contact").properties
_OPTIONS = (PropertyOption("a", "A", 0), PropertyOption("b", "B", 1), PropertyOption("c;d", "C", 2))
_OWN = (
    ("text", PropertyType.STRING, FieldType.TEXT),
    ("count", PropertyType.NUMBER, FieldType.NUMBER),
    ("flag", PropertyType.BOOL, FieldType.BOOLEANCHECKBOX),
    ("day", PropertyType.DATE, FieldType.DATE),
    ("moment", PropertyType.DATETIME, FieldType.DATE),
    ("one", PropertyType.ENUMERATION, FieldType.RADIO),
    ("many", PropertyType.ENUMERATION, FieldType.CHECKBOX),
    ("tel", PropertyType.PHONE_NUMBER, FieldType.PHONENUMBER),
    ("email", PropertyType.STRING, FieldType.TEXT),
)
OWN = {
    name: PropertyDefinition(
        name, name, "g", kind, field_type, options=_OPTIONS if kind is PropertyType.ENUMERATION else ()
    )
    for name, kind, field_type in _OWN
}


def kept(name: str, text: str | None) -> str | None:
    checked = check(OWN, {name: text}, PORTAL)
    assert checked.invalid == []
    return checked.values[name]


def refusal(definitions: dict[str, PropertyDefinition], name: str, text: str) -> tuple[str, str]:
    [invalid] = check(definitions, {name: text}, PORTAL).invalid
    assert (invalid.name, invalid.portal_id, invalid.value) == (name, PORTAL, text)
    assert not invalid.is_valid
    assert invalid.localized_message == invalid.message
    return invalid.error, invalid.message


@pytest.mark.parametrize(
    ("name", "text", "error", "message"),
    [
        ("color", "red", "PROPERTY_DOESNT_EXIST", 'Property "color" does not exist'),
        (
            "hs_email_domain", "x.example", "READ_ONLY_VALUE",
            '"hs_email_domain" is a calculated property; its value cannot be set.',
        ),
        (
            "notes_last_updated", "1", "READ_ONLY_VALUE",
            '"notes_last_updated" is a read only property; its value cannot be set.',
        ),
        ("hs_object_id", "5", "READ_ONLY_VALUE", '"hs_object_id" is a read only property; its value cannot be set.'),
        ("email", "test222", "INVALID_EMAIL", "Email address test222 is invalid"),
        ("closedate", "tomorrow", "INVALID_LONG", "tomorrow was not a valid long."),
        (
            "lifecyclestage", "fan", "INVALID_OPTION",
            "fan was not one of the allowed options: [subscriber, lead, marketingqualifiedlead, "
            "salesqualifiedlead, opportunity, customer, evangelist, other]",
        ),
        (
            "hubspot_owner_id", "29947847357121", "INVALID_INTEGER",
            "29947847357121 was not a valid integer (for owner ID).",
        ),
        ("followercount", "many", "INVALID_INTEGER", "many was not a valid number"),
        ("lifecyclestage", "lead ", "LEADING_TRAILING_WHITESPACE", '"lead " includes leading or trailing whitespace.'),
    ],
)  # fmt: skip
def test_a_contact_is_refused_as_the_service_refuses_it(name: str, text: str, error: str, message: str):
    assert refusal(CONTACT, name, text) == (error, message)


def test_all_invalid_values_are_told_in_the_order_of_the_request():
    sent = {"email": "x", "firstname": "Ann", "color": "red", "hs_object_id": "5", "closedate": "?"}
    assert [invalid.name for invalid in check(CONTACT, sent, PORTAL).invalid] == [
        "email",
        "color",
        "hs_object_id",
        "closedate",
    ]


def test_the_valid_values_are_kept_beside_the_invalid_ones():
    checked = check(CONTACT, {"firstname": "Ann", "color": "red"}, PORTAL)
    assert checked.values == {"firstname": "Ann"}
    assert checked.invalid == [
        InvalidValue('Property "color" does not exist', "PROPERTY_DOESNT_EXIST", "color", PORTAL, "red")
    ]


def test_an_archived_property_does_not_exist():
    archived = PropertyDefinition("old", "Old", "g", archived_at=1)
    assert refusal({"old": archived}, "old", "x")[0] == "PROPERTY_DOESNT_EXIST"


@pytest.mark.parametrize("name", [name for name, *_ in _OWN])
@pytest.mark.parametrize("text", ["", None])
def test_an_empty_value_clears(name: str, text: str | None):
    assert kept(name, text) is None


def test_a_read_only_value_cannot_be_cleared_either():
    assert refusal(CONTACT, "hs_object_id", "")[0] == "READ_ONLY_VALUE"


@pytest.mark.parametrize("text", [" as it is ", "1", "ünï", ";", "\n"])
def test_text_is_kept_as_sent(text: str):
    assert kept("text", text) == text
    assert kept("tel", text) == text


@pytest.mark.parametrize("text", ["0", "-1", "007", "1.50", "1.", ".5", "+2", "1e3", "-1.5E-7", "9" * 40])
def test_decimal_numbers_are_kept_as_sent(text: str):
    assert kept("count", text) == text


@pytest.mark.parametrize("text", ["one", "1,5", "0x1", "1 000", "nan", "inf", "1e", ".", "-", "٣", "$1"])
def test_what_is_no_decimal_number_is_refused(text: str):
    assert refusal(OWN, "count", text) == ("INVALID_INTEGER", f"{text} was not a valid number")


@pytest.mark.parametrize("text", ["true", "false"])
def test_true_and_false_are_booleans(text: str):
    assert kept("flag", text) == text


@pytest.mark.parametrize("text", ["True", "yes", "1", "tYES"])
def test_nothing_else_is_a_boolean(text: str):
    assert refusal(OWN, "flag", text) == (
        "INVALID_OPTION",
        f"{text} was not one of the allowed options: [true, false]",
    )


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("2026-11-24", "2026-11-24"),
        ("0", "1970-01-01"),
        ("1577836800000", "2020-01-01"),
        ("-86400000", "1969-12-31"),
        ("2020-01-01T00:00:00Z", "2020-01-01"),
        ("2020-01-01T02:00:00+02:00", "2020-01-01"),
    ],
)
def test_dates_are_kept_as_days(sent: str, stored: str):
    assert kept("day", sent) == stored


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ("1496643178000", "1496643178000 is at 6:12:58.0 UTC, not midnight!"),
        ("1521225089103", "1521225089103 is at 18:31:29.103 UTC, not midnight!"),
        ("2017-06-05T06:12:58Z", "1496643178000 is at 6:12:58.0 UTC, not midnight!"),
    ],
)
def test_a_date_is_a_midnight(sent: str, message: str):
    assert refusal(OWN, "day", sent) == ("INVALID_DATE", message)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("2026-10-05T13:00:00.000Z", "2026-10-05T13:00:00.000Z"),
        ("2026-10-05T13:00:00Z", "2026-10-05T13:00:00.000Z"),
        ("2026-10-05T13:00", "2026-10-05T13:00:00.000Z"),
        ("2026-10-05T13:00:00.1234567+0200", "2026-10-05T11:00:00.123Z"),
        ("2026-10-05", "2026-10-05T00:00:00.000Z"),
        ("1521225089103", "2018-03-16T18:31:29.103Z"),
        ("-1", "1969-12-31T23:59:59.999Z"),
    ],
)
def test_moments_are_kept_in_utc_with_milliseconds(sent: str, stored: str):
    assert kept("moment", sent) == stored


@pytest.mark.parametrize("name", ["day", "moment"])
@pytest.mark.parametrize(
    "text", ["2026-13-01", "2026-02-30", "20260101T00", "1/1/1", "9" * 18, "9" * 30, "soon"]
)
def test_what_is_no_moment_is_refused(name: str, text: str):
    error, message = refusal(OWN, name, text)
    if error == "INVALID_DATE":
        assert "not midnight" in message
    else:
        assert (error, message) == ("INVALID_LONG", f"{text} was not a valid long.")


@pytest.mark.parametrize("text", ["a", "b", "c;d"])
def test_an_enumeration_holds_one_of_its_options(text: str):
    assert kept("one", text) == text


@pytest.mark.parametrize("text", ["A", "x", "a;b", ";a"])
def test_another_value_is_no_option(text: str):
    assert refusal(OWN, "one", text) == (
        "INVALID_OPTION",
        f"{text} was not one of the allowed options: [a, b, c;d]",
    )


@pytest.mark.parametrize("text", ["a", "a;b", "b;a", ";b", "a;"])
def test_several_options_are_joined_by_semicolons(text: str):
    assert kept("many", text) == text


def test_the_first_wrong_one_of_several_options_is_told():
    assert refusal(OWN, "many", "a;x;y")[1].startswith("x was not one of the allowed options")
    assert refusal(OWN, "many", "a; b")[0] == "LEADING_TRAILING_WHITESPACE"


@pytest.mark.parametrize(
    ("held", "sent", "after"),
    [
        ("a;b", "c", "c"),
        ("a;b", ";c", "a;b;c"),
        ("a;b", ";b;c", "a;b;c"),
        (None, ";a", "a"),
        ("", ";a;a", "a"),
    ],
)
def test_a_leading_semicolon_adds_to_what_is_held(held: str | None, sent: str, after: str):
    assert with_appended(held, sent) == after


def test_options_kept_elsewhere_are_not_looked_up_here():
    assert check(default_properties("deal").properties, {"dealstage": "anything"}, PORTAL).invalid == []
    assert check(CONTACT, {"hubspot_owner_id": "41629779"}, PORTAL).invalid == []


@pytest.mark.parametrize("text", ["Ann@Example.com", "a.b+c@sub.example.co", "jürgen@münchen.example"])
def test_email_addresses_are_kept_in_small_letters(text: str):
    assert check(CONTACT, {"email": text}, PORTAL).values == {"email": text.lower()}


@pytest.mark.parametrize(
    "text", ["not-an-email", "dsfsafas@", "@example.com", "a b@example.com", "a@b", "a@@b.c"]
)
def test_what_is_no_email_address_is_refused(text: str):
    assert refusal(CONTACT, "email", text) == ("INVALID_EMAIL", f"Email address {text} is invalid")


def test_a_portal_s_own_email_property_takes_any_text():
    assert kept("email", "not-an-email") == "not-an-email"


@pytest.mark.parametrize("name", ["count", "flag", "day", "moment", "one", "many"])
@pytest.mark.parametrize("space", [" ", "\t", "\u00a0", "\u200b"])
def test_values_other_than_text_have_no_space_around_them(name: str, space: str):
    valid = {"count": "1", "flag": "true", "one": "a", "many": "a"}.get(name, "2026-11-24")
    for text in (f"{space}{valid}", f"{valid}{space}"):
        error, message = refusal(OWN, name, text)
        assert error == "LEADING_TRAILING_WHITESPACE"
        assert message == f'"{text}" includes leading or trailing whitespace.'


def test_required_properties_that_are_missing_or_empty_are_told():
    assert missing_required(["a", "b", "c"], {"a": "1", "b": "", "d": "2"}) == ["b", "c"]


@given(st.sampled_from([name for name, *_ in _OWN]), st.text(max_size=30))
def test_any_text_is_kept_or_refused_and_what_is_kept_stays_valid(name: str, text: str):
    checked = check(OWN, {name: text}, PORTAL)
    assert len(checked.values) + len(checked.invalid) == 1
    if checked.values:
        assert check(OWN, checked.values, PORTAL).values == checked.values


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)))
def test_a_moment_is_kept_alike_however_it_is_spelled(moment: datetime):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
    ms = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert (
        kept("moment", str(ms))
        == kept("moment", moment.isoformat())
        == kept("moment", kept("moment", str(ms)))
    )
    day = moment.date().isoformat()
    assert kept("day", day) == kept("day", str(ms - ms % 86_400_000)) == day


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_every_decimal_number_is_one(number: object):
    assert kept("count", str(number)) == str(number)
