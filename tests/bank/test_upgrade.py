"""A bank of the version before is taken up as it is: items stay in use, with the specification of their point."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("bank", "0002_paper_sealed_content_alter_paper_content")]


@pytest.mark.django_db(transaction=True)
def test_items_of_the_version_before_stay_in_use() -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()  # all of them: what leans on the bank went back with it
    executor.migrate([*BEFORE, ("arrangement", "0001_initial")])
    try:
        old = executor.loader.project_state(BEFORE).apps
        occupation = old.get_model("catalogue", "Occupation").objects.create(
            code="4-12-01-01", name="汽车维修工", dictionary="2015"
        )
        level = old.get_model("catalogue", "Level").objects.create(code="4", title="四级/中级工", rank=2)
        specification = old.get_model("bank", "Specification").objects.create(
            occupation=occupation, level=level, title="旧细目表"
        )
        found = old.get_model("bank", "Range").objects.create(
            specification=specification, code="A", name="范围", weight=100
        )
        point = old.get_model("bank", "Point").objects.create(
            specification=specification, range=found, code="A-001", name="点", importance="X"
        )
        old.get_model("bank", "Item").objects.create(
            point=point,
            type="single",
            stem="旧题",
            stem_digest="x",
            options=["甲", "乙", "丙", "丁"],
            key="B",
            state="in_use",
        )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(latest)
    from assay.bank.models import Item

    item = Item.objects.get()
    assert (item.specification.title, item.point and item.point.code, item.state, item.key) == (
        "旧细目表",
        "A-001",
        "in_use",
        "B",
    )
