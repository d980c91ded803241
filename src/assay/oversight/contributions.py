from assay.batches.stages import Stage
from assay.kernel.contributions import BatchPage, MenuEntry, add_batch_pages, add_menu

add_batch_pages(BatchPage(Stage.REVIEW, "督导反馈", "oversight:batch"))
add_menu(MenuEntry("督导与档案", "督导反馈", "oversight:list", order=10))
