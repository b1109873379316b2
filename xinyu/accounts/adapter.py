"""How allauth behaves here: no sign-up, secrets of second factors sealed by the vault."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from xinyu.vault import envelope
from xinyu.vault.keys import master, suite

from .demo_people import is_refused

_AAD = b"mfa_authenticator|secret"


class StaffAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def authenticate(self, request, **credentials):
        """None as for a wrong password, also for people of the demo outside a demo."""
        user = super().authenticate(request, **credentials)
        return None if user is None or is_refused(user) else user


class SecondFactorAdapter(DefaultMFAAdapter):
    """The default adapter keeps TOTP secrets readable in the database; ours seals them."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(envelope.seal(master().derive("mfa"), text.encode(), _AAD, suite())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return envelope.unseal(master().derive("mfa"), base64.b64decode(encrypted_text), _AAD).decode()
