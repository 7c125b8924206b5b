"""Which tokens an app is given, for what, and of which portal."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edgewise.domain import oauth
from edgewise.domain.accounts import ACCESS_TOKEN_S, CODE_S, App, Code, RefreshToken, Token
from edgewise.domain.errors_oauth import (
    BadChallenge,
    CodeRefused,
    ConsentRefused,
    RefreshTokenRefused,
    ScopesRefused,
    UnknownClient,
    UnknownRedirectUri,
    VerifierRefused,
    WrongClientSecret,
)
from edgewise.domain.oauth import Asked, BadRedirectUri, Consenter, NewTokens, digest_of

AT = 1_790_000_000_123
URI = "https://app.example.com/callback?tenant=7"
READ, WRITE, DEALS = "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.deals.read"
APP = App(
    "id",
    digest_of("secret"),
    "Ledger",
    1,
    (READ, WRITE),
    (URI, "http://localhost:9/a"),
    AT,
    (DEALS,),
    True,
    7,
)
TOKENS = NewTokens(b"a" * 32, b"r" * 32)
CODE = Code(b"c" * 32, 7, 2, 99, (READ, WRITE), URI, None, AT + 60_000)
REFRESH = RefreshToken(b"r" * 32, 7, 2, 99, (READ, WRITE), AT, b"c" * 32)

VERIFIERS = st.text("ABCXYZabcxyz0189-._~", min_size=43, max_size=128)


def _asked(**changes: Any) -> Asked:
    return Asked(APP, URI, (READ, WRITE), (DEALS,), None)._replace(**changes)


def test_the_challenge_of_a_verifier_is_the_one_of_the_standard():
    """Source: RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert oauth.challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@given(VERIFIERS)
def test_a_verifier_belongs_to_its_own_challenge(verifier: str):
    challenge = oauth.challenge_of(verifier)
    assert oauth.require_challenge(challenge, "S256") == challenge
    assert oauth.is_verified(challenge, verifier)


@given(VERIFIERS, st.one_of(st.none(), VERIFIERS, st.text()))
def test_a_verifier_belongs_to_no_other_challenge(verifier: str, other: str | None):
    assume(other != verifier)
    assert not oauth.is_verified(oauth.challenge_of(verifier), other)


@given(VERIFIERS)
def test_a_challenge_is_never_its_own_verifier(verifier: str):
    challenge = oauth.challenge_of(verifier)
    assert not oauth.is_verified(challenge, challenge)


@pytest.mark.parametrize("length", [42, 129])
def test_a_verifier_has_43_to_128_characters(length: int):
    verifier = "v" * length
    assert not oauth.is_verified(oauth.challenge_of(verifier), verifier)


def test_without_a_challenge_there_must_be_no_verifier():
    assert oauth.is_verified(None, None)
    assert not oauth.is_verified(None, "v" * 43)


@pytest.mark.parametrize(
    ("challenge", "method"),
    [
        ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "plain"),
        ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", None),
        ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "s256"),
        ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", "S256"),
        ("short", "S256"),
        (None, "S256"),
        ("", "S256"),
    ],
)
def test_a_challenge_that_is_not_of_s256_is_refused(challenge: str | None, method: str | None):
    with pytest.raises(BadChallenge):
        oauth.require_challenge(challenge, method)


def test_an_app_may_do_without_a_challenge():
    assert oauth.require_challenge(None, None) is None


@given(st.text(max_size=40))
def test_a_redirect_uri_is_the_registered_one_to_the_letter(text: str):
    assume(text not in APP.redirect_uris)
    for other in (text, URI + text, text + URI, URI.replace("a", text, 1)):
        if other not in APP.redirect_uris:
            with pytest.raises(UnknownRedirectUri):
                oauth.require_redirect_uri(APP, other)


@pytest.mark.parametrize(
    "uri", [None, "", URI.upper(), URI + "/", URI + "#x", URI.removesuffix("7"), "http://localhost/a"]
)
def test_no_near_miss_of_a_redirect_uri_will_do(uri: str | None):
    with pytest.raises(UnknownRedirectUri):
        oauth.require_redirect_uri(APP, uri)


@pytest.mark.parametrize("uri", APP.redirect_uris)
def test_each_registered_redirect_uri_will_do(uri: str):
    assert oauth.require_redirect_uri(APP, uri) == uri


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example.com",
        "https://app.example.com:8443/a/b?c=d&e=f",
        "http://localhost:3000/callback",
        "http://127.0.0.1/",
        "http://[::1]:8080/x",
    ],
)
def test_codes_may_be_sent_over_https_or_to_this_computer(uri: str):
    oauth.require_registrable(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "app.example.com",
        "/callback",
        "http://app.example.com/",
        "http://localhost.example.com/",
        "http://127.0.0.1.example.com/",
        "https://",
        "https:///path",
        "https://app.example.com/#fragment",
        "https://app.example.com/#",
        "https://user@app.example.com/",
        "https://app.example.com:port/",
        "https://[app.example.com/",
        "https://app.example.com/a b",
        "https://app.example.com/\r\nset-cookie: a=b",
        "https://app.example.com/ümlaut",
        "https://app.example.com\\@evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://localhost/",
    ],
)
def test_codes_are_sent_nowhere_else(uri: str):
    with pytest.raises(BadRedirectUri):
        oauth.require_registrable(uri)


@given(st.text())
def test_what_may_be_registered_is_printable_ascii_of_http(uri: str):
    try:
        oauth.require_registrable(uri)
    except BadRedirectUri:
        return
    assert uri.isascii()
    assert uri.isprintable()
    assert uri.lower().startswith(("https://", "http://"))


def test_an_app_that_names_no_scopes_asks_for_all_that_it_always_asks_for():
    assert oauth.require_scopes(APP, [], []) == ((READ, WRITE), ())


def test_optional_scopes_come_besides_and_each_once():
    assert oauth.require_scopes(APP, [READ, WRITE, READ, "oauth"], [DEALS, DEALS, READ]) == (
        (READ, WRITE, "oauth"),
        (DEALS,),
    )


def test_an_optional_scope_may_be_insisted_on():
    assert oauth.require_scopes(APP, [READ, WRITE, DEALS], []) == ((READ, WRITE, DEALS), ())


@pytest.mark.parametrize(
    ("scopes", "optional"), [([READ, WRITE, "tickets"], []), ([READ, WRITE], ["tickets"])]
)
def test_a_scope_that_the_app_did_not_register_is_refused(scopes: list[str], optional: list[str]):
    with pytest.raises(ScopesRefused) as refused:
        oauth.require_scopes(APP, scopes, optional)
    assert (refused.value.scopes, refused.value.are_missing) == (("tickets",), False)


def test_a_scope_that_the_app_always_asks_for_may_not_be_left_out():
    with pytest.raises(ScopesRefused) as refused:
        oauth.require_scopes(APP, [READ], [])
    assert (refused.value.scopes, refused.value.are_missing) == ((WRITE,), True)


def test_consent_makes_a_code_that_waits_a_minute():
    code = oauth.consent(_asked(challenge="x" * 43), Consenter(2, 99), b"c" * 32, AT)
    assert code == Code(b"c" * 32, 7, 2, 99, (READ, WRITE, DEALS), URI, "x" * 43, AT + CODE_S * 1000)
    assert CODE_S <= 60


@given(st.frozensets(st.sampled_from([READ, WRITE, DEALS, "oauth", "tickets"])))
def test_consent_grants_nothing_that_the_person_does_not_have(scopes: frozenset[str]):
    by = Consenter(2, 99, scopes)
    if scopes >= {READ, WRITE}:
        granted = set(oauth.consent(_asked(), by, b"c", AT).scopes)
        assert granted == {READ, WRITE} | ({DEALS} & scopes)
    else:
        with pytest.raises(ConsentRefused) as refused:
            oauth.consent(_asked(), by, b"c", AT)
        assert set(refused.value.missing) == {READ, WRITE} - scopes


def test_whoever_is_read_only_connects_nothing():
    with pytest.raises(ConsentRefused) as refused:
        oauth.consent(_asked(), Consenter(2, 99, None, is_read_only=True), b"c", AT)
    assert refused.value.is_read_only


def test_the_scope_that_allows_nothing_need_not_be_had():
    asked = _asked(scopes=(READ, "oauth"))
    assert oauth.consent(asked, Consenter(2, 99, frozenset({READ})), b"c", AT).scopes == (READ, "oauth")


def test_an_app_is_known_by_its_secret():
    assert oauth.require_client(APP, "secret") is APP


@pytest.mark.parametrize("secret", [None, "", "Secret", "secret ", "\ud800"])
def test_no_other_secret_will_do(secret: str | None):
    with pytest.raises(WrongClientSecret):
        oauth.require_client(APP, secret)
    with pytest.raises(UnknownClient):
        oauth.require_client(None, secret)


def test_a_code_comes_to_two_tokens_of_the_portal_it_is_for():
    granted = oauth.exchange(CODE, APP, URI, None, TOKENS, AT)
    assert granted.refresh_token == REFRESH
    assert granted.token == Token(
        b"a" * 32, 2, "Ledger", AT, (READ, WRITE), False, AT + ACCESS_TOKEN_S * 1000, None, 7, 99, CODE.digest
    )
    assert ACCESS_TOKEN_S == 1800


@pytest.mark.parametrize(
    ("code", "uri", "verifier", "refusal"),
    [
        (replace(CODE, app_id=8), URI, None, CodeRefused),
        (replace(CODE, expires_at=AT), URI, None, CodeRefused),
        (CODE, None, None, UnknownRedirectUri),
        (CODE, APP.redirect_uris[1], None, UnknownRedirectUri),
        (CODE, URI, "v" * 43, VerifierRefused),
        (replace(CODE, challenge=oauth.challenge_of("v" * 43)), URI, None, VerifierRefused),
        (replace(CODE, challenge=oauth.challenge_of("v" * 43)), URI, "w" * 43, VerifierRefused),
        (replace(CODE, challenge="v" * 43), URI, "v" * 43, VerifierRefused),
    ],
)
def test_a_code_that_does_not_fit_comes_to_nothing(
    code: Code, uri: str | None, verifier: str | None, refusal: Any
):
    with pytest.raises(refusal):
        oauth.exchange(code, APP, uri, verifier, TOKENS, AT)


def test_a_code_with_a_challenge_wants_its_verifier():
    code = replace(CODE, challenge=oauth.challenge_of("v" * 43))
    assert oauth.exchange(code, APP, URI, "v" * 43, TOKENS, AT).token.portal_id == 2


def test_a_refresh_token_gives_another_access_token_of_the_same_kind():
    token = oauth.refresh(REFRESH, APP, None, b"n" * 32, AT + 5)
    assert token == Token(
        b"n" * 32, 2, "Ledger", AT + 5, (READ, WRITE), False, AT + 1_800_005, None, 7, 99, CODE.digest
    )


@pytest.mark.parametrize("token", [None, replace(REFRESH, app_id=8), replace(REFRESH, revoked_at=AT)])
def test_a_refresh_token_that_is_not_the_apps_own_and_live_gives_nothing(token: RefreshToken | None):
    with pytest.raises(RefreshTokenRefused):
        oauth.refresh(token, APP, None, b"n", AT)


@given(st.lists(st.sampled_from([READ, WRITE, DEALS, "tickets", "oauth"]), min_size=1))
def test_a_refresh_narrows_scopes_and_never_widens_them(scopes: list[str]):
    if set(scopes) <= {READ, WRITE, "oauth"}:
        assert oauth.refresh(REFRESH, APP, scopes, b"n", AT).scopes == tuple(dict.fromkeys(scopes))
    else:
        with pytest.raises(ScopesRefused):
            oauth.refresh(REFRESH, APP, scopes, b"n", AT)


def test_an_app_gets_a_token_of_its_own_portal_without_asking():
    token = oauth.own_token(APP, None, b"o" * 32, AT)
    assert token == Token(b"o" * 32, 1, "Ledger", AT, (READ, WRITE, DEALS), False, AT + 1_800_000, None, 7)
    assert oauth.own_token(APP, [DEALS], b"o", AT).scopes == (DEALS,)
    with pytest.raises(ScopesRefused):
        oauth.own_token(APP, ["tickets"], b"o", AT)


def test_a_token_lives_until_it_expires_or_is_revoked():
    token = Token(b"t", 1, "t", AT, expires_at=AT + 10)
    assert oauth.is_live(token, AT + 9)
    assert not oauth.is_live(token, AT + 10)
    assert not oauth.is_live(replace(token, revoked_at=AT), AT + 9)
    assert oauth.is_live(replace(token, expires_at=None), AT + 10**12)


def test_a_signature_depends_on_the_app_the_purpose_and_the_text():
    signed = oauth.signature(APP, "a", "text")
    assert signed == oauth.signature(APP, "a", "text")
    others = [
        oauth.signature(replace(APP, secret_digest=digest_of("other")), "a", "text"),
        oauth.signature(APP, "b", "text"),
        oauth.signature(APP, "a", "text "),
    ]
    assert len({signed, *others}) == 4


@given(st.text("abc:- 0123456789"))
def test_a_user_id_is_a_positive_number_of_31_bits_and_always_the_same(what: str):
    user_id = oauth.user_id_of(what)
    assert 0 < user_id < 2**31
    assert oauth.user_id_of(what) == user_id
