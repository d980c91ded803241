"""The own lines of the hall and the gateway: one JSON object a line, to standard error, with the moment in UTC. What stood in an
address or came from another server cannot end a line."""

from __future__ import annotations

import sys

import structlog


def write_json_lines() -> None:
    """From now on in this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
