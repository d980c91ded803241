"""The office's pages as a WSGI application; `asgi` serves them."""

import gc

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from assay.office.starting import set_up

set_up()

from assay.office import settings  # noqa: E402 - they are read once the secrets are known to fit

# Static files are served from where they are; the folder for collected ones only has to exist.
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
application = get_wsgi_application()

# Everything that pages lean on is loaded now and stays: looking through it for garbage again and again would hold up, by a tenth of
# a second each time, those pages that read many rows.
assert get_resolver().url_patterns
gc.collect()
gc.freeze()
