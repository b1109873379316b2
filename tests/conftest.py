"""Fixtures shared by all tests: the app's own row security, the cast, no sleeping, no mocks of our own code."""

import pytest


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_keepdb, django_db_createdb, django_db_modify_db_settings
):
    """A copy of the database that was migrated for this code; pytest-django would migrate one for each worker."""
    from django.conf import settings
    from django.db import connection

    from tests import databases

    with django_db_blocker.unblock():
        name = connection.creation._get_test_db_name()
        if django_db_createdb or not (django_db_keepdb and databases.exists(name)):
            databases.make(name)
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()
        if not django_db_keepdb:
            databases.drop(name)


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


def pytest_collection_modifyitems(items):
    """Stories first: they take longest, and the other worker goes through everything else meanwhile."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/stories/"))


def pytest_xdist_make_scheduler(config, log):
    """A file's tests stay together; so do all stories and all faults, each with real processes of their own."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            together = next((name for name in ("stories", "faults") if nodeid.startswith(f"tests/{name}/")), None)
            return together or super()._split_scope(nodeid)

    if config.getoption("dist") != "loadscope":
        return None
    config.option.loadscopereorder = False
    return Together(config, log)
