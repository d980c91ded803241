from assay.arrangement.changing import add_at_work
from assay.arrangement.handed_out import add_kept_seats
from assay.batches.stages import Stage
from assay.kernel.contributions import BatchPage, MenuEntry, add_batch_pages, add_engagements, add_menu
from assay.marking.acts.again import work_again_of
from assay.marking.queries import panel_at_work, panels_of, seat_before_panel
from assay.marking.written_work import written_work_of

add_batch_pages(
    BatchPage(Stage.EXAM, "技能考核与评审", "marking:batch"),
    BatchPage(Stage.EXAM, "主观题评阅", "marking:written_progress"),
)
add_menu(
    MenuEntry("工作台", "我的考评", "marking:my_panels", order=30),
    MenuEntry("题库与试卷", "评分记录表", "marking:templates", order=60),
)
add_engagements(panels_of)
add_engagements(written_work_of)
add_engagements(work_again_of)
add_at_work(panel_at_work)
add_kept_seats(seat_before_panel)
