"""A program of ours under uvicorn, with what holds for each of them."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from typing import Any

import uvicorn

from assay.front.log_lines import write_json_lines
from assay.front.patience import Patience

MOST_CONNECTIONS = 16_384
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2; every browser of the last ten years knows them. The key may stand in the certificate's file."""
UMASK = 0o077
"""What a program writes is for nobody else on its machine."""


def run(application: str | Callable[..., Any], *, host: str, port: int, **options: Any) -> None:
    """Serve `module:name`, or an application that is there, until told to stop, over TLS where the environment names a certificate."""
    os.umask(UMASK)
    write_json_lines()
    certificate = os.environ.get("ASSAY_TLS_CERT") or None
    _more_connections()
    uvicorn.run(
        application,
        host=host,
        port=port,
        loop="uvloop",
        http=Patience,
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
        ssl_certfile=certificate,
        ssl_keyfile=os.environ.get("ASSAY_TLS_KEY") or certificate,
        ssl_ciphers=CIPHERS,
        **options,
    )


def _more_connections() -> None:
    """Let the process have as many connections as the system lets it; 1,024, as usual, are a few pages of a whole school."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, MOST_CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
