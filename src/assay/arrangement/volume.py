"""What this room brings to the archive (work plan §四(一)9)."""

from __future__ import annotations

from collections.abc import Iterator

from assay.arrangement.models import StaffChange
from assay.arrangement.printing import door_lists, for_papers, sign_in_sheets
from assay.arrangement.registers import staff_changes_register
from assay.batches.models import Batch
from assay.kernel.contributions import VolumeKind, VolumePart, add_volume_parts


def doors_and_signatures(batch: Batch) -> Iterator[VolumePart]:
    rooms = list(for_papers().filter(session__batch=batch))
    if rooms:
        yield VolumePart("考场门贴.pdf", door_lists(rooms))
        yield VolumePart("签到表.pdf", sign_in_sheets(rooms))


def changes_of_people(batch: Batch) -> Iterator[VolumePart]:
    if StaffChange.objects.filter(session_room__session__batch=batch).exists():
        yield VolumePart("监考考评人员变动登记表.pdf", staff_changes_register(batch))


add_volume_parts(VolumeKind.PROCESS, 10, doors_and_signatures)
add_volume_parts(VolumeKind.PROCESS, 15, changes_of_people)
