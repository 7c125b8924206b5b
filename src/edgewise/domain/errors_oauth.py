"""Every way in which an app, or whoever connects one, can break a rule of OAuth.

DomainError
  UnknownClient, WrongClientSecret                who asks for tokens
  UnknownRedirectUri, BadChallenge                where a code is sent, and to whom it is bound
  CodeRefused, VerifierRefused                    an authorization code
  RefreshTokenRefused, AccessTokenRefused         a token
  UnsupportedGrant, UnsupportedResponse           what is asked for
  ScopesRefused, HubRefused                       for what, and of which portal
  ConsentRefused, ConsentDeclined                 who may not connect an app, or does not want to
  ConsenterUnknown, FormRefused                   a consent of which nobody knows whose it is
"""

from __future__ import annotations

from edgewise.domain.errors import DomainError


class UnknownClient(DomainError):
    """A client id that no app has, or none."""


class WrongClientSecret(DomainError):
    """A client secret that is not the app's, or none."""


class UnknownRedirectUri(DomainError):
    """A redirect URI that is not the one it has to be, to the letter."""


class BadChallenge(DomainError):
    """A PKCE challenge that is no S256 digest, or says that it is something else."""


class CodeRefused(DomainError):
    """An authorization code that is unknown, used, expired or another app's."""


class VerifierRefused(DomainError):
    """A PKCE verifier that does not belong to the code's challenge, or one too many."""


class RefreshTokenRefused(DomainError):
    """A refresh token that is unknown, ended or another app's."""


class AccessTokenRefused(DomainError):
    """An access token that opens nothing, of which no information is given."""


class UnsupportedGrant(DomainError):
    """A way of getting tokens that there is not."""


class UnsupportedResponse(DomainError):
    """A response type that is not `code`."""


class ScopesRefused(DomainError):
    """Scopes that may not be asked for; or, where they are missing, some that have to be."""

    scopes: tuple[str, ...]
    are_missing: bool = False


class HubRefused(DomainError):
    """A portal that is not there any more."""


class ConsentRefused(DomainError):
    """Somebody who may not connect an app to a portal.

    missing: scopes that are asked for and that they do not have. is_read_only: they change nothing, whatever they have.
    """

    missing: tuple[str, ...]
    is_read_only: bool


class ConsentDeclined(DomainError):
    """Somebody who was asked, and said no."""


class ConsenterUnknown(DomainError):
    """What was shown opens no portal, or not the one that is asked about."""


class FormRefused(DomainError):
    """A form that this server did not just show to this browser."""
