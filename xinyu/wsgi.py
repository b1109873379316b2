"""The WSGI application; refuses to start with a wrong key or an unsealed database."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinyu.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402 - settings first

application = get_wsgi_application()

from xinyu.startup import be_ready, refuse_to_start  # noqa: E402 - needs the apps

refuse_to_start()
be_ready()
