"""The WSGI entry point (granian serves it; any WSGI server may)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kusei.config.settings")
application = get_wsgi_application()
