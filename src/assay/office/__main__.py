"""`python -m assay.office`: the office under uvicorn, settings by environment.

ASSAY_OFFICE_HOST (127.0.0.1), ASSAY_OFFICE_PORT (8000), ASSAY_OFFICE_PROCESSES (2), ASSAY_TLS_CERT and ASSAY_TLS_KEY
(PEM files, where no proxy before the office speaks TLS for it), and what `settings` reads. Of whom a proxy says
that it speaks for them is read by the office itself (ASSAY_PROXIES), not here.
"""

from __future__ import annotations

import os

from assay.front.running import run
from assay.office.starting import set_up

if __name__ == "__main__":
    set_up()  # told once, and not by each process again and again
    run(
        "assay.office.asgi:application",
        host=os.environ.get("ASSAY_OFFICE_HOST", "127.0.0.1"),
        port=int(os.environ.get("ASSAY_OFFICE_PORT", "8000")),
        workers=int(os.environ.get("ASSAY_OFFICE_PROCESSES", "2")),
        timeout_keep_alive=15,
        timeout_worker_healthcheck=120,
        proxy_headers=False,
    )
