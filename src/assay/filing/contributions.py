from assay.batches.stages import Stage
from assay.kernel.contributions import BatchPage, add_batch_pages

add_batch_pages(BatchPage(Stage.FILING, "上报备案", "filing:batch"))
