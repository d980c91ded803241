from assay.kernel.contributions import BatchPage, MenuEntry, add_batch_pages, add_menu

add_batch_pages(BatchPage("review", "督导反馈", "oversight:batch"))
add_menu(MenuEntry("督导与档案", "督导反馈", "oversight:list", order=10))
