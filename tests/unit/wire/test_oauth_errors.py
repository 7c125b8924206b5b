"""Operations of OAuth spell refusals in the older envelope, with the words of RFC 6749 beside it."""

import pytest

from edgewise.domain.errors import DomainError
from edgewise.domain.errors_oauth import ConsentRefused, ScopesRefused
from edgewise.wire.errors import SHAPES, oauth_error_body
from edgewise.wire.quirks import quirks_of
from edgewise.wire.refusals import BodyTooLarge, StoreUnavailable
from tests.unit.wire.desk import as_json
from tests.unit.wire.oauth_refusals import OAUTH_REFUSALS, OAUTH_WORDS

QUIRKS = quirks_of("documented")


def _read(error: DomainError) -> tuple[int, dict[str, str]]:
    status, body = oauth_error_body(error, "an id", QUIRKS)
    return status, as_json(body)


@pytest.mark.parametrize(
    ("error", "status", "message", "context"), OAUTH_REFUSALS, ids=lambda x: type(x).__name__
)
def test_a_refusal_has_five_keys(error: DomainError, status: int, message: str, context: None):
    word, oauth_word = OAUTH_WORDS[type(error)]
    assert _read(error) == (
        status,
        {
            "status": word,
            "message": message,
            "correlationId": "an id",
            "error": oauth_word,
            "error_description": message,
        },
    )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ScopesRefused(("a", "b"), are_missing=True), "scopes that the app always asks for: a b"),
        (ConsentRefused(("a",), is_read_only=False), "the token that connects an app lacks scopes: a"),
    ],
)
def test_what_is_missing_is_named(error: DomainError, message: str):
    assert _read(error)[1]["message"] == message


@pytest.mark.parametrize("error_type", SHAPES)
def test_every_refusal_has_a_word_of_rfc_6749(error_type: type[DomainError]):
    assert SHAPES[error_type].oauth_error in {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "invalid_scope",
        "unsupported_grant_type",
        "unsupported_response_type",
        "access_denied",
        "temporarily_unavailable",
    }


def test_a_refusal_of_any_operation_can_be_spelled_so():
    assert _read(StoreUnavailable())[1]["error"] == "temporarily_unavailable"
    assert _read(BodyTooLarge(9)) == (
        413,
        {
            "status": "VALIDATION_ERROR",
            "message": "The request body is larger than the maximum of 9 bytes",
            "correlationId": "an id",
            "error": "invalid_request",
            "error_description": "The request body is larger than the maximum of 9 bytes",
        },
    )
