"""The office as a WSGI application (gunicorn assay.office.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

from assay.kernel.private_folder import UMASK

os.umask(UMASK)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.office.settings")

from assay.office import settings

# Static files are served from where they are; the folder for collected ones only has to exist.
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
application = get_wsgi_application()
