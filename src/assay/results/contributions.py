from assay.kernel.contributions import BatchPage, add_batch_pages

add_batch_pages(
    BatchPage("results", "成绩认定与复核", "results:batch"),
    BatchPage("notice", "校内公示", "results:batch"),
)
