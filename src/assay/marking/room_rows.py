"""The panels of a batch, room by room: how far each is, and what whoever looks can do with it now."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from assay.arrangement.models import Assignment, SessionRoom
from assay.bank.models import Paper
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.kernel.access import may_open_url
from assay.kernel.acts import Actor
from assay.kernel.offers import Offer, offers
from assay.marking.acts import scoring
from assay.marking.acts.drawing import attended, draw_paper, witness_draw
from assay.marking.models import SkillDraw
from assay.marking.printing_views import TASK_READERS
from assay.marking.queries import PANEL_ROLES, drawn_for, draws_by_lot, has_all_sheets, laid_out, panel_rooms


@dataclass(frozen=True)
class RoomRow:
    """A room: `panel` the address of its panel, for one who sits on it; `tasks` and `sheets` those of its papers, for who may read
    them."""

    room: SessionRoom
    drawn: SkillDraw | None
    panel: str
    tasks: str
    sheets: str
    witnessing: Offer | None
    drawing: Offer | None
    opening: Offer | None

    @property
    def witnessed(self) -> str:
        """Who was present when the lot was drawn, and who has said so."""
        if self.drawn is None:
            return ""
        said = f"{self.drawn.confirmed_by} 见证" if self.drawn.confirmed_at else "待见证"
        return f"现场 {self.drawn.witness}，{said}"


def rooms_shown(who: Actor, account: Account, batch: Batch) -> list[RoomRow]:
    """The rooms of a batch's panels, in order of time."""
    rooms = panel_rooms(batch)
    drawn = {room.pk: drawn_for(room) for room in rooms}
    own = Assignment.objects.filter(session_room__in=rooms, member__account=account, role__in=PANEL_ROLES)
    mine = set(own.values_list("session_room", flat=True))
    witnessing = offers(
        who, witness_draw, attended(who, [draw for draw in drawn.values() if draw is not None]), title="见证抽签",
        main=False, url=lambda draw: reverse("marking:witness", args=[draw.session_room_id]),
    )  # fmt: skip
    drawing = offers(
        who, draw_paper, [room for room in rooms if _to_be_drawn(room, drawn[room.pk])], title="抽签",
        url=lambda room: reverse("marking:draw", args=[room.pk]),
    )  # fmt: skip
    sheets = {room.pk: laid_out(room) for room in rooms}
    opening = offers(
        who, scoring.open_panel, [room for room in rooms if not has_all_sheets(room)], title="开考评组", main=False,
        url=lambda room: reverse("marking:open_panel", args=[room.pk]),
    )  # fmt: skip
    rows = []
    for room in rooms:
        draw = drawn[room.pk]
        reads = draw is not None and (who.holds(*TASK_READERS) or room.pk in mine)
        rows.append(
            RoomRow(
                room,
                draw,
                panel=reverse("marking:panel", args=[room.pk]) if room.pk in mine else "",
                tasks=reverse("marking:tasks_pdf", args=[room.pk]) if reads else "",
                sheets=_open(who, "marking:sheets_pdf", room.pk) if sheets[room.pk][0] else "",
                witnessing=witnessing.get(draw.pk) if draw else None,
                drawing=drawing.get(room.pk),
                opening=opening.get(room.pk),
            )
        )
    return rows


def _to_be_drawn(room: SessionRoom, draw: SkillDraw | None) -> bool:
    """Whether a lot is (still, or once more) to be drawn for the room, be it now or later."""
    return draws_by_lot(room) and (draw is None or draw.paper.state == Paper.State.VOID)


def _open(who: Actor, name: str, pk: int) -> str:
    """The address of a page, if this person may open it."""
    url = reverse(name, args=[pk])
    return url if may_open_url(url, kind="staff", held=who.duties) else ""
