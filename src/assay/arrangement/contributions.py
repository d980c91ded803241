from assay.kernel.contributions import BatchPage, add_batch_pages

add_batch_pages(
    BatchPage("arrange", "考场编排", "arrangement:batch"),
    BatchPage("tickets", "准考证", "arrangement:tickets"),
)
