"""From the office's tables to a hall pack: papers sealed, seats and candidates by name."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import msgspec

from assay.arrangement.models import Seating, Session
from assay.bank.models import Paper
from assay.bridge import contract
from assay.centre import parameters
from assay.centre.models import Centre
from assay.items.answers import TYPES
from assay.items.content import markup
from assay.items.content.blocks import blocks_of
from assay.kernel import clock, files
from assay.kernel.identity import mask
from assay.kernel.sealing import CONTENT, decrypt, encrypt
from assay.sites.addresses import addresses_of
from assay.sites.aisles import aisles_of
from assay.sites.models import Room

LOCKED_KEYS = "exam_publication.paper_keys"


def build(
    session: Session, seatings: list[Seating], pack_id: str, *, rehearsal: bool = False
) -> tuple[contract.Pack, dict[str, bytes]]:
    """The pack of a theory session, and apart from it the papers' keys (paper id → 32 bytes). Every seating has its
    paper. In a rehearsal (or while the office's clock is moved) the hall's clock is moved with it, and both say so."""
    papers = {s.paper_id: s.paper for s in seatings if s.paper is not None}
    keys = {str(pk): secrets.token_bytes(32) for pk in papers}
    salt = secrets.token_hex(16)
    blobs: dict[str, bytes] = {}
    pack = contract.Pack(
        id=pack_id,
        centre_name=Centre.objects.get().name,
        batch_name=session.batch.name,
        session_name=str(session),
        starts_at=session.starts_at,
        rooms=_rooms(session),
        papers=[_sealed(paper, keys[str(paper.pk)], blobs) for paper in papers.values()],
        sittings=[_sitting(s, salt, blobs) for s in seatings],
        id_salt=salt,
        blobs=blobs,
        late_minutes=parameters.number("exam.late_minutes"),
        earliest_leave_minutes=parameters.number("exam.earliest_leave_minutes"),
        rehearsal=rehearsal or clock.simulated(),
        grace_seconds=parameters.number("exam.grace_seconds"),
        reschedule_minutes=parameters.number("exam.reschedule_minutes"),
        clock_offset_ms=int(clock.offset() / timedelta(milliseconds=1)),
    )
    return pack, keys


def lock_keys(keys: dict[str, bytes]) -> str:
    """The papers' keys as the office keeps them until two people open the papers."""
    return encrypt(msgspec.json.encode(keys).decode(), LOCKED_KEYS, CONTENT)


def unlock_keys(stored: str) -> dict[str, bytes]:
    """The keys again."""
    return msgspec.json.decode(decrypt(stored, LOCKED_KEYS, CONTENT), type=dict[str, bytes])


def _rooms(session: Session) -> list[contract.Room]:
    return [
        contract.Room(
            str(r.pk),
            r.room.name,
            r.room.workstations or 0,
            r.room.locked_browser,
            _plan(r.room),
            addresses_of(r.room.addresses),
        )
        for r in session.rooms.select_related("room").order_by("room__code")
    ]


def _plan(room: Room) -> contract.Plan | None:
    """How the room is laid out; None while nobody has said how many seats it has, or how many stand in a row."""
    if not room.workstations or not room.columns:
        return None
    rows = -(-room.workstations // room.columns)
    laid_out = {
        "columns": room.columns, "rows": rows, "front": room.front, "door": room.door, "aisles": aisles_of(room.aisles),
    }  # fmt: skip
    return msgspec.convert(laid_out, contract.Plan)


def _sealed(paper: Paper, key: bytes, blobs: dict[str, bytes]) -> contract.Paper:
    """The paper as candidates see it: what the delivery type has no field for (the keys) stays in the office."""
    items = []
    for entry in paper.frozen():
        for digest in _pictures(entry):
            blobs[digest] = files.read(digest)
        items += _case(entry) if entry.get("parts") else [_shown(entry)]
    sections = [contract.Section(TYPES[s["type"]], s["type"], int(s["count"]), str(s["mark"])) for s in paper.sections]
    sealed, nonce, digest = contract.seal_items(items, key)
    return contract.Paper(str(paper.pk), paper.title, paper.minutes, sections, sealed, nonce, digest)


def _shown(entry: dict[str, Any]) -> contract.Item:
    """An entry of a paper without its key; formulas come drawn, so that the candidate's page needs no network for them."""
    stem = markup.parse(entry["stem"])
    options, premises = _texts(entry["options"]), _texts(entry.get("premises", []))
    return contract.Item(
        id=str(entry["item"]),
        type=entry["type"],
        stem=markup.plain(stem),
        options=[markup.plain(o) for o in options],
        images=[entry["image"]] if entry.get("image") else [],
        rich=[] if stem.is_plain() else blocks_of(stem),
        rich_options=_rich(options),
        premises=[markup.plain(p) for p in premises],
        rich_premises=_rich(premises),
        blanks=entry["stem"].count(markup.BLANK) if entry["type"] == "fill" else 0,
    )


def _case(entry: dict[str, Any]) -> list[contract.Item]:
    """The parts of a case, each with what the case says before it."""
    lead = blocks_of(markup.parse(_stem(entry)))
    return [msgspec.structs.replace(_shown(p), group=str(entry["item"]), lead=lead) for p in entry["parts"]]


def _stem(entry: dict[str, Any]) -> str:
    """The stem; a picture of the old kind stands at its end."""
    return entry["stem"] + (f"\n![]({entry['image']})" if entry.get("image") else "")


def _texts(texts: list[str]) -> list[markup.Content]:
    return [markup.parse(text) for text in texts]


def _rich(contents: list[markup.Content]) -> list[list[dict[str, Any]]]:
    return [] if all(c.is_plain() for c in contents) else [blocks_of(c) for c in contents]


def _pictures(entry: dict[str, Any]) -> list[str]:
    contents = _texts([_stem(entry), *entry["options"], *entry.get("premises", [])])
    own = [picture.source for content in contents for picture in content.pictures()]
    return own + [digest for part in entry.get("parts", []) for digest in _pictures(part)]


def _sitting(seating: Seating, salt: str, blobs: dict[str, bytes]) -> contract.Sitting:
    application = seating.application
    applicant = application.applicant
    if applicant.photo_id:
        blobs[applicant.photo_id] = files.read(applicant.photo_id)
    return contract.Sitting(
        id=str(seating.pk),
        ticket=application.ticket.number,
        name=applicant.name,
        id_masked=mask(applicant.id_number),
        id_digest=contract.id_digest(salt, applicant.id_number),
        room=str(seating.session_room_id),
        seat=seating.seat,
        paper=str(seating.paper_id),
        # Neighbours differ: every sitting has a seed of its own.
        seed=seating.pk * 7919 % 2_147_483_647,
        photo=applicant.photo_id,
    )
