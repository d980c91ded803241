"""The office as a WSGI application (gunicorn assay.office.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.office.settings")
application = get_wsgi_application()
