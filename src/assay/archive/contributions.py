from assay.archive.volumes import VOLUMES
from assay.batches.stages import Stage
from assay.kernel.contributions import BatchPage, MenuEntry, add_batch_pages, add_menu, add_volumes

add_batch_pages(BatchPage(Stage.ARCHIVE, "资料归档", "archive:batch"))
add_volumes(*VOLUMES)
add_menu(MenuEntry("督导与档案", "档案卷", "archive:list", order=50))
