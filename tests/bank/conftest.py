"""A keeper of papers who has promised secrecy, in a centre of its own; a specification with one point."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from assay.bank.models import Specification
from assay.bank.specifications import acts
from assay.bank.writing.acts import items
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.items.specification import PointRow
from assay.kernel.acts import Actor
from tests import factories as f


@pytest.fixture
def keeper() -> Account:
    """Leads the experts, writes items and keeps papers."""
    f.centre()
    account = f.staff("X4", "R4", "E7")
    items.sign_secrecy(actor_of(account))
    return account


@pytest.fixture
def who(keeper: Account) -> Actor:
    return actor_of(keeper)


@pytest.fixture
def specification() -> Specification:
    f.centre()
    row = f.scope_row()
    rows = [PointRow("A", "", "range", "基本", Decimal(100)), PointRow("A-001", "A", "point", "润滑系", None, "X")]
    return acts.install_specification(
        f.actor_with("X4"), occupation=row.occupation, level=f.level("4"), title="示例", rows=rows
    )


def signed_in(client: Client, *duties: str) -> Account:
    """Somebody who has promised secrecy, on the site."""
    who = f.staff(*duties)
    items.sign_secrecy(actor_of(who))
    client.force_login(who, "django.contrib.auth.backends.ModelBackend")
    return who
