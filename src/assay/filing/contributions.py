from assay.kernel.contributions import BatchPage, add_batch_pages

add_batch_pages(BatchPage("filing", "上报备案", "filing:batch"))
