"""The hall killed again and again during one exam; minutes long, run by `make soak`."""

from __future__ import annotations

import pytest
from testbed import programs

from assay.bridge.client import HallClient
from tests.faults.writers import SECRET, at_work, finish_all, missing, whole_log, writers_at
from tests.hall.packs import pack

pytestmark = [pytest.mark.soak, pytest.mark.faults, pytest.mark.postgres]
KILLS, CANDIDATES = 25, 12


def test_nothing_acknowledged_is_lost_over_many_kills(hall_database: str) -> None:
    hall = programs.hall(hall_database, SECRET)
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            office.publish(pack(candidates=CANDIDATES))
        writers = writers_at(hall.url, CANDIDATES)
        for kill in range(KILLS):
            with at_work(writers) as wait:
                wait(0.2 + kill % 5 * 0.3)
                hall.kill()
                hall.start()
            assert missing(writers, whole_log(hall.url)) == []
        assert min(writer.saves for writer in writers) > KILLS
        finish_all(writers, hall.url)
    finally:
        hall.stop()
