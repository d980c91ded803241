"""The office as a WSGI application (gunicorn assay.office.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.office.settings")

from assay.kernel.private_folder import UMASK
from assay.office import settings

os.umask(UMASK)
# Static files are served from where they are; the folder for collected ones only has to exist.
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
application = get_wsgi_application()
