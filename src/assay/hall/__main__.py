"""`python -m assay.hall`: the hall under uvicorn, settings by environment.

ASSAY_HALL_DATABASE, ASSAY_HALL_SECRET (required), ASSAY_HALL_HOST (127.0.0.1), ASSAY_HALL_PORT (8001).
ASSAY_TLS_CERT, ASSAY_TLS_KEY: PEM files, where no proxy before the hall speaks TLS for it.
ASSAY_HALL_FORMER_SECRET: after a change of the secret, for one start: what the store holds is sealed anew.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from assay.front.private_folder import close_around
from assay.front.running import run
from assay.hall.store.opening import file_of


def close_store() -> None:
    """What lay open around the hall's store, before it is opened."""
    file = file_of(os.environ.get("ASSAY_HALL_DATABASE", ""))
    for wrong in close_around(Path(file)) if file else ():
        print(wrong, file=sys.stderr)


if __name__ == "__main__":
    close_store()
    run(
        "assay.hall.app:from_environment",
        factory=True,
        host=os.environ.get("ASSAY_HALL_HOST", "127.0.0.1"),
        port=int(os.environ.get("ASSAY_HALL_PORT", "8001")),
        timeout_keep_alive=75,
        date_header=False,
        proxy_headers="FORWARDED_ALLOW_IPS" in os.environ,
    )
