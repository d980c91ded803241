"""`python -m assay.hall`: the hall under uvicorn, settings by environment.

ASSAY_HALL_DATABASE, ASSAY_HALL_SECRET (required), ASSAY_HALL_HOST (127.0.0.1), ASSAY_HALL_PORT (8001).
ASSAY_HALL_FORMER_SECRET: after a change of the secret, for one start: what the store holds is sealed anew.
"""

from __future__ import annotations

import os

import uvicorn

if __name__ == "__main__":
    os.umask(0o077)  # what the hall writes is for nobody else on this machine
    uvicorn.run(
        "assay.hall.app:from_environment",
        factory=True,
        host=os.environ.get("ASSAY_HALL_HOST", "127.0.0.1"),
        port=int(os.environ.get("ASSAY_HALL_PORT", "8001")),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=75,
        server_header=False,
        date_header=False,
        proxy_headers="FORWARDED_ALLOW_IPS" in os.environ,
        timeout_graceful_shutdown=10,
    )
