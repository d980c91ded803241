"""The office's side of the bench of items: fills a specification of an empty school and asks for the bank's pages.

Prints one line of JSON: of each page the 95th percentile in ms, in the process, without a network.
"""

from __future__ import annotations

import gc
import json
import random
import sys
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter
from typing import TYPE_CHECKING

import django

django.setup()

if TYPE_CHECKING:
    from django.test import Client

    from assay.bank.models import Item, Paper, Specification
    from assay.items.row import ItemRow

WORDS = [
    "发动机", "机油", "压力", "过低", "冷却", "风扇", "水温", "传感器", "起动", "困难", "蓄电池", "电压", "制动", "管路",
    "排气", "离合器", "打滑", "变速箱", "油位", "转向", "助力", "胎压", "前束", "检查", "更换", "调整", "清洗", "测量",
    "拆卸", "安装", "紧固", "力矩", "间隙", "磨损", "故障", "原因", "首先", "应当", "不得", "必须",
]  # fmt: skip
LEAST = 20
"""Times each page is asked for, if the seconds do not suffice for more."""


@dataclass(frozen=True)
class Bank:
    specification: Specification
    paper: Paper
    draft: Item


def main(count: int, seconds: float) -> None:
    from assay.office.wsgi import application

    assert application  # loaded as the server loads it
    bank, client = _filled(count), _signed_in()
    gc.collect()
    gc.freeze()  # what the filling left behind no server has: looking through it would be measured with the pages
    items = f"/bank/{bank.specification.pk}/items/"
    pages = {
        "list": items,
        "list_far": f"{items}?page=150",
        "filtered": f"{items}?type=single&state=in_use",
        "sorted": f"{items}?sort=-exposure",
        "search_rare": f"{items}?q=第 777 问",
        "search_common": f"{items}?q=机油",
        "search_all": f"{items}?q=检查&state=in_use&page=2",
        "search_filtered": f"{items}?q=机油&type=multiple",
        "item": f"/bank/items/{bank.draft.pk}/",
        "paper": f"/bank/papers/{bank.paper.pk}/",
        "papers": "/bank/papers/",
    }
    share = seconds / len(pages)
    print(json.dumps({name: _p95(client, page, share) for name, page in pages.items()}))


def _p95(client: Client, page: str, seconds: float) -> float:
    assert client.get(page).status_code == 200, page
    taken: list[float] = []
    until = perf_counter() + seconds
    while len(taken) < LEAST or perf_counter() < until:
        began = perf_counter()
        client.get(page)
        taken.append((perf_counter() - began) * 1000)
    return round(quantiles(taken, n=20)[-1], 1)


def _signed_in() -> Client:
    from django.test import Client

    from assay.bank.writing.acts.items import sign_secrecy
    from assay.centre.actors import actor_of
    from assay.centre.models import Account, Appointment, Post

    account = Account.objects.create(username="bench", name="示例", kind="staff")
    post = Post.objects.create(code="bench", title="示例", group="示例", duties=["X4", "R4", "E7"])
    Appointment.objects.create(account=account, post=post, since="2026-01-01")
    sign_secrecy(actor_of(account))
    client = Client(SERVER_NAME="localhost")
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client


def _filled(count: int) -> Bank:
    """So many items, three quarters in use, four sealed papers among them, and one draft that is looked at."""
    from assay.bank.models import Specification
    from assay.bank.papers.acts import papers as papers_acts
    from assay.bank.writing.acts import items as items_acts
    from assay.catalogue.models import PaperPattern
    from assay.kernel.acts import Actor

    actor = Actor(None, "bench", frozenset({"X4", "E7"}))
    specification = Specification.objects.filter(part="theory").order_by("pk")[0]
    points = list(specification.points.values_list("code", flat=True))
    chance = random.Random(1)
    rows = [_row(n, points[n % len(points)], chance) for n in range(count)]
    items_acts.import_items(actor, specification, rows[: count * 3 // 4], approved=True)
    draft = items_acts.import_items(actor, specification, rows[count * 3 // 4 :])[-1]
    pattern = PaperPattern.objects.filter(
        standard_level__standard__occupation=specification.occupation, standard_level__level=specification.level
    )[0]
    papers = papers_acts.assemble(
        actor, specification, pattern, seed=1, forms="ABCD", options=papers_acts.Options(relaxed=True)
    )  # fmt: skip
    for paper in papers:
        papers_acts.seal(actor, paper)
    looked_at = papers_acts.assemble(actor, specification, pattern, seed=2, options=papers_acts.Options(relaxed=True))[
        0
    ]
    return Bank(specification, looked_at, draft)


def _row(number: int, point: str, chance: random.Random) -> ItemRow:
    from assay.items.row import ItemRow

    stem = f"第 {number} 问：" + "".join(chance.choices(WORDS, k=14)) + "（　）"
    options = tuple(f"{'、'.join(chance.choices(WORDS, k=4))}{letter}" for letter in "甲乙丙丁")
    kind = ("single", "single", "single", "multiple", "true_false")[number % 5]
    key = {"single": "B", "multiple": "ABD", "true_false": "对"}[kind]
    return ItemRow(point, kind, 1 + number % 5, stem, () if kind == "true_false" else options, key, "解析略")


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
