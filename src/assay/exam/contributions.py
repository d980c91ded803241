from assay.arrangement.handed_out import add_handed_out
from assay.batches.stages import Stage
from assay.centre.departures import add_departures
from assay.exam.acts.ending_passes import note_departure, tell_halls
from assay.exam.queries import invigilations, seats_at_the_hall
from assay.kernel.contributions import BatchPage, MenuEntry, add_batch_pages, add_engagements, add_menu

add_batch_pages(
    BatchPage(Stage.READINESS, "考前检查与发布", "exam:batch"),
    BatchPage(Stage.EXAM, "理论考试", "exam:batch"),
    BatchPage(Stage.RESULTS, "试题分析", "exam:analysis"),
)
add_menu(MenuEntry("工作台", "我的考场", "exam:my_rooms", order=20))
add_menu(MenuEntry("工作台", "考试实况", "exam:running", order=21))
add_engagements(invigilations)
add_departures(note_departure, tell_halls)
add_handed_out(seats_at_the_hall)
