"""The office's pages as a WSGI application; `asgi` serves them."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.office.settings")

from assay.office import settings

# Static files are served from where they are; the folder for collected ones only has to exist.
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
application = get_wsgi_application()

# Everything that pages lean on is loaded now and stays: looking through it for garbage again and again would hold up, by a tenth of
# a second each time, those pages that read many rows.
assert get_resolver().url_patterns
gc.collect()
gc.freeze()
