"""`assay gateway run`: rounds of sending and asking, for as long as the office runs."""

from __future__ import annotations

import time

import structlog
from django.db import DatabaseError, close_old_connections

from assay.centre.actors import SYSTEM
from assay.centre.departures import carry_out
from assay.desk.acts import bind_security_log
from assay.exam.acts.publishing import withdraw_what_was_left
from assay.front.log_lines import write_json_lines
from assay.gateway.delivery import deliver_due, poll_answers
from assay.gateway.heads import have_stamped, keep_in_folder, sign_daily
from assay.kernel import security_log

log = structlog.get_logger("gateway")


def run(every: float, once: bool) -> int:
    """Go on until stopped; a round that fails is logged and tried again."""
    write_json_lines()
    while True:
        try:
            sent, asked = deliver_due(), poll_answers()
            for said in carry_out():
                log.warning("not reached", said=said)
            withdraw_what_was_left()
            if (rows := security_log.due()) is not None:
                bind_security_log(SYSTEM, rows)
            sign_daily()
            keep_in_folder()
            have_stamped()
            if sent.sent or sent.refused or asked.answered:
                log.info("round", sent=sent.sent, refused=sent.refused, answered=asked.answered)
        except DatabaseError as trouble:
            log.warning("round failed", error=str(trouble))
            if once:
                return 1
        if once:
            return 0
        close_old_connections()
        time.sleep(every)
