"""Every test run has its own data folder and secrets, made before Django's settings are read."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import django
import hypothesis
import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect, sync_playwright
from testbed import browsers, migrated, programs
from testbed.nursery import Nursery
from testbed.postgresql import Postgresql

if settings.configured:
    pytest.exit("Run the tests without DJANGO_SETTINGS_MODULE in the environment: they make their own data folder.")
_VAR = tempfile.mkdtemp(prefix="assay-tests-")
atexit.register(shutil.rmtree, _VAR, ignore_errors=True)
os.environ["ASSAY_VAR"] = _VAR
(Path(_VAR) / "static").mkdir()
os.environ["ASSAY_SECRETS"] = f"{_VAR}/secrets.json"
os.environ["DATABASE_URL"] = os.environ.get("ASSAY_TEST_DATABASE", f"sqlite:///{_VAR}/tests.sqlite3")
os.environ["DJANGO_SETTINGS_MODULE"] = "assay.office.settings"
django.setup()  # here already: conftests of folders import models

from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.backends.base.operations import BaseDatabaseOperations  # noqa: E402
from django.template import Template  # noqa: E402
from django.utils import timezone  # noqa: E402

from assay.centre.models import ParameterValue  # noqa: E402
from assay.centre.parameters import PARAMETERS  # noqa: E402
from assay.kernel.append_only import unguarded  # noqa: E402
from tests.house import writers  # noqa: E402
from tests.patience import PATIENCE_MS  # noqa: E402

_rendered = Template._render
_emptied = BaseDatabaseOperations.execute_sql_flush


def _emptied_between_tests(operations: BaseDatabaseOperations, statements: list[str]) -> None:
    """Tests that commit leave rows behind, also in tables of which nobody else may remove any."""
    with unguarded(operations.connection):
        _emptied(operations, statements)


BaseDatabaseOperations.execute_sql_flush = _emptied_between_tests  # type: ignore[method-assign]

# Passwords are hashed by the same rule in a hundredth of the memory: what thousands of sign-ins prove does not hang on how long each
# takes. The product's programs, which some tests start, hash as ever.
Argon2PasswordHasher.memory_cost //= 100

# What takes long is measured by the benches; a machine that is busy just now proves nothing about a rule.
hypothesis.settings.register_profile("assay", deadline=None)
hypothesis.settings.load_profile("assay")


WILD = {"browser", "faults", "hall_pages"}
"""Folders of tests that drive a browser or kill processes; `scripts/test` runs them apart from all others."""
BESIDE_POSTGRESQL = {"cli", "docs", "front", "house"}
"""Folders of which the tests that do not ask the office's database run beside those on PostgreSQL, so that both halves of the whole
run take as long."""


_TESTS = Path(__file__).parent
LONG = (_TESTS / "long.txt").read_text().split()
"""Files and folders of tests that take some seconds: `make quick` leaves them out."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What says the same on either database runs beside one of them; what takes long is marked so."""
    for item in items:
        place = item.path.relative_to(_TESTS)
        folder = place.parts[0]
        if str(place) in LONG or f"{folder}/" in LONG:
            item.add_marker("long")
        if folder not in WILD | {"soak"} and any(item.get_closest_marker(mark) for mark in ("browser", "faults")):
            raise pytest.UsageError(f"{place}: what drives a browser or kills processes stands in {sorted(WILD)}")
        if not _asks_the_database(item):
            item.add_marker("once")
            if folder in BESIDE_POSTGRESQL:
                item.add_marker("beside_postgresql")


def _asks_the_database(item: pytest.Item) -> bool:
    """Whether a test may ask the office's database: pytest-django lets no other."""
    fixtures = item.fixturenames if isinstance(item, pytest.Function) else []
    return item.get_closest_marker("django_db") is not None or not {"db", "transactional_db"}.isdisjoint(fixtures)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Who says that a test tells the parameters page another value does so."""
    yield
    named = {str(key) for mark in item.iter_markers("parameter") for key in mark.args}
    if named:
        told = dict(ParameterValue.objects.filter(key__in=named).values_list("key", "value"))
        silent = {key for key in named if told.get(key, PARAMETERS[key].default) == PARAMETERS[key].default}
        assert not silent, f"{item.name} leaves these as they are: {sorted(silent)}"


@pytest.fixture(scope="session", autouse=True)
def _each_room_writes_its_own_tables() -> Iterator[None]:
    """Whatever a test does: a room that writes another's rows fails it."""
    end = writers.watch()
    yield
    end()


@pytest.fixture(scope="session", autouse=True)
def _pages_are_made_as_ever(django_test_environment: None) -> None:
    """No test asks which templates a page is made of; to note each, with a copy of all that it was given, takes a twentieth of all."""
    Template._render = _rendered  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """On SQLite the migrated database that all runs share is in memory before Django would make it there."""
    if connection.vendor != "sqlite":
        yield
        return
    there, here = sqlite3.connect(migrated.made()), sqlite3.connect(connection.creation._get_test_db_name(), uri=True)
    with closing(there), closing(here):
        there.backup(here)
        yield


@pytest.fixture(scope="session", autouse=True)
def _halls_begin_at_once() -> Iterator[None]:
    nursery = Nursery()
    programs.nursery_of_halls.append(nursery)
    yield
    programs.nursery_of_halls.clear()
    nursery.close()


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands, but for who moves it: a slow machine must not wait out what others have to wait."""
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """A private PostgreSQL server for the whole run."""
    with Postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def hall_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database for a hall: each test that asks runs on both kinds."""
    if request.param == "sqlite":
        return str(tmp_path / "hall.sqlite3")
    server: Postgresql = request.getfixturevalue("postgresql")
    return server.url(f"hall_{abs(hash(request.node.nodeid)) % 10**9}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = browsers.launched(playwright)
        yield launched
        launched.close()


def pytest_collection_finish() -> None:
    """All modules are loaded and stay: they are not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
