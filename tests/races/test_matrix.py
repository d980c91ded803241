"""Every act of the product meets others in some world, or it is said here why it need not."""

from __future__ import annotations

from assay.kernel.acts import declared
from tests.races.deeds import worlds
from tests.races.worlds import load

KEPT = "one row of its own; saved and removed by the editor that the worlds of departments, cards, faults and weights prove"
GATEWAY = "only the one loop of the gateway does it, one message after another"
NOTE = "leaves a note in the ledger and changes no row"
ALONE = {
    **{
        f"catalogue.{verb}_{what}": KEPT
        for verb in ("save", "remove")
        for what in (
            "condition", "contest_scheme", "credit_scheme", "direct_mapping", "level", "major", "occupation", "pattern",
            "scope_row", "standard", "standard_level",
        )
    },
    "centre.remove_post": KEPT,
    "gateway.record_delivery": GATEWAY,
    "gateway.record_refusal": GATEWAY,
    "gateway.put_off": GATEWAY,
    "gateway.keep_head": GATEWAY,
    "gateway.send_again": "puts a message back into the queue, however often; the message's key keeps it one at the province",
    "exam.announce": NOTE,
    "exam.note_told": "notes that a hall has heard of passes that ended; telling it twice tells it the same",
    "exam.end_passes_of_the_day": "notes once more what is noted already: a hall that hears twice of the same moment knows it once",
    "bank.export_items": NOTE,
    "bank.print_notice": NOTE,
    "bank.assemble": "makes papers of its own; which items are in use is asked again when one is sealed",
    "bank.assemble_skill": "as with theory papers",
    "bank.swap_task": "takes its paper as swapping an item of a theory paper does",
    "centre.record_anew": "at the start, under the lock of the ledger itself; of two processes the second finds it done",
    "centre.note_coverage": NOTE,
    "centre.rehash_password": "writes only over the very hash that was found weak; one that was set meanwhile stays",
    "centre.register_keys": "at the start, each key once; of two processes the second finds them noted",
    "centre.name_days": "writes each day over, whoever comes last; the notice of a year is one and the same for all",
    "centre.say_year_whole": "writes one word over, whoever comes last; which days are named it does not change",
    "desk.bind_security_log": GATEWAY,
    "corps.open_accounts": "locks each member and asks again for those without an account; whoever comes second finds nobody left",
    "desk.install_school": "once, before anybody else works",
    "marking.mark_again": "one examiner's own mark of a sheet that is settled; a second one of the same is refused by the sheet's lock",
    "applications.admit_again": "written over like the application's other parts, under the same locks",
}  # fmt: skip


def test_every_act_meets_others_or_it_is_said_why_not() -> None:
    load()
    all_of_them = {act.name for act in declared() if not act.name.startswith("tests.")}
    meeting = {name for world in worlds() for name in world.acts}
    assert not meeting & set(ALONE)
    assert all_of_them - meeting - set(ALONE) == set()
    assert (meeting | set(ALONE)) - all_of_them == set()
