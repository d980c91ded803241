"""The hall killed again and again during one exam; minutes long, run by `make soak`."""

from __future__ import annotations

import threading

import pytest
from testbed import programs

from assay.hall.client import HallClient
from tests.faults.test_killed_hall import SECRET, Writer, missing, whole_log
from tests.hall.candidate import Browser
from tests.hall.packs import pack

pytestmark = [pytest.mark.soak, pytest.mark.faults, pytest.mark.postgres]
KILLS, CANDIDATES = 25, 12


def test_nothing_acknowledged_is_lost_over_many_kills(hall_database: str) -> None:
    hall = programs.hall(hall_database, SECRET)
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            office.publish(pack(candidates=CANDIDATES))
        writers = [Writer(Browser(hall.url, n).start()) for n in range(CANDIDATES)]
        for kill in range(KILLS):
            stop = threading.Event()
            threads = [threading.Thread(target=w.work, args=(stop, 100 * kill + n)) for n, w in enumerate(writers)]
            for thread in threads:
                thread.start()
            stop.wait(0.2 + kill % 5 * 0.3)
            hall.kill()
            hall.start()
            stop.set()
            for thread in threads:
                thread.join(20)
            assert missing(writers, whole_log(hall.url)) == []
        assert min(writer.saves for writer in writers) > KILLS
    finally:
        hall.stop()
