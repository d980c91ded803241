"""The makers of every room, put down by importing them."""

from tests.played.access.bodies import BODIES, WITHOUT_AN_ACT, applying, assessing, bank, reference

__all__ = ["BODIES", "WITHOUT_AN_ACT", "applying", "assessing", "bank", "reference"]
