"""An office's process of its own: told line by line on its input what to do, it says on its output what came of it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from assay.batches import acts  # noqa: E402
from assay.batches.models import Batch  # noqa: E402
from assay.centre.actors import actor_of  # noqa: E402
from assay.centre.models import Account  # noqa: E402
from assay.kernel.refusals import Refused  # noqa: E402
from tests import factories as f  # noqa: E402
from tests.batches.test_cockpit import planned  # noqa: E402

Ended = tuple[str, str]
_ready = acts.require_ready


def say(what: object) -> None:
    print(json.dumps(what), flush=True)


def world() -> dict[str, Any]:
    """A batch that nothing keeps at its stage, and two who may move it on."""
    f.centre()
    return {"batch": planned().pk, "people": [f.staff("E1").pk, f.staff("E1").pk]}


def by_act(batch: int, account: int) -> Callable[[], Ended]:
    """The batch as it stands now, moved on when called."""
    seen, who = Batch.objects.get(pk=batch), actor_of(Account.objects.get(pk=account))

    def move() -> Ended:
        try:
            return "done", str(acts.advance(who, seen).stage)
        except Refused as refused:
            return "refused", refused.message
        except Exception as fault:
            return "fault", repr(fault)

    return move


def by_page(batch: int, account: int) -> Callable[[], Ended]:
    """The page as it stands now, its button pressed when called."""
    browser = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
    browser.force_login(Account.objects.get(pk=account), "django.contrib.auth.backends.ModelBackend")
    page = browser.get(reverse("batches:cockpit", args=[batch])).content.decode()
    url = reverse("batches:advance", args=[batch])
    form = page.split(f'action="{url}"')[1].split("</form>")[0]
    seen = re.findall(r'name="seen" value="([^"]+)"', form)

    def move() -> Ended:
        answer = browser.post(url, {"seen": seen})
        return {302: "done", 409: "refused"}.get(answer.status_code, "fault"), answer.content.decode()

    return move


@contextmanager
def waiting(*milliseconds: int) -> Iterator[None]:
    """At most so long for another who writes; unless it is said, as long as the product does."""
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA busy_timeout").fetchone()
        for patience in milliseconds:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
        yield
        cursor.execute(f"PRAGMA busy_timeout = {usual}")


def hold() -> None:
    """Within the act, its rows locked: say so, and wait to be told to go on."""

    def held(batch: Batch) -> str:
        acts.require_ready = _ready
        say("within")
        sys.stdin.readline()
        return _ready(batch)

    acts.require_ready = held


def main() -> None:
    move: Callable[[], Ended] | None = None
    for line in sys.stdin:
        do, *given = json.loads(line)
        if do == "world":
            say(world())
        elif do in ("by_act", "by_page"):
            move = (by_act if do == "by_act" else by_page)(*given)
            say("open")
        elif move is not None:
            with waiting(*given):
                if do == "hold":
                    hold()
                else:
                    say("begins")
                say(move())


main()
