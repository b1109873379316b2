"""Fixtures shared by all tests: the app's own row security, the cast, no sleeping, no mocks of our own code."""

import pytest


@pytest.fixture
def here(db):
    """The school this test is about, with everybody in it."""
    from tests.cast import build

    return build("甲")


@pytest.fixture
def there(db, here):
    """Another county of the same city: its counselor is the outsider who must see nothing."""
    from tests.cast import build

    return build("乙", here.city)


@pytest.fixture
def enter(client):
    """enter(user) -> a client logged in as that user."""

    def log_in(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in
