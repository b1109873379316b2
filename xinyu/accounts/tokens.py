"""Read-only tokens for a bureau's own systems. Only a hash is kept; the person behind the token gives the sight."""

import hashlib
import secrets

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from .models import ApiToken

PREFIX = "xy_"


def new_token() -> tuple[str, bytes]:
    """(the token to show once, its SHA-256 digest to keep)"""
    token = PREFIX + secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class TokenAuthentication(BaseAuthentication):
    keyword = "Bearer"

    def authenticate(self, request):
        words = get_authorization_header(request).decode("latin-1").split()
        if len(words) != 2 or words[0] != self.keyword:
            return None
        found = ApiToken.objects.select_related("user").filter(digest=digest(words[1]), revoked_at=None).first()
        if found is None or found.expires_on < timezone.localdate() or not found.user.is_active:
            raise AuthenticationFailed("令牌无效或已过期")
        return found.user, found

    def authenticate_header(self, request) -> str:
        return self.keyword
