"""A keeper of papers who has promised secrecy, in a centre of its own."""

from __future__ import annotations

import pytest

from assay.bank import acts
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.kernel.acts import Actor
from tests import factories as f


@pytest.fixture
def keeper() -> Account:
    """Leads the experts, writes items and keeps papers."""
    f.centre()
    account = f.staff("X4", "R4", "E7")
    acts.sign_secrecy(actor_of(account))
    return account


@pytest.fixture
def who(keeper: Account) -> Actor:
    return actor_of(keeper)
