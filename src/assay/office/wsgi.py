"""The office's pages as a WSGI application; `asgi` serves them."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.office.settings")

from assay.office import settings

# Static files are served from where they are; the folder for collected ones only has to exist.
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
application = get_wsgi_application()
