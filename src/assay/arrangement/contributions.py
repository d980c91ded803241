from assay.applications.leaving import add_leaving
from assay.arrangement.leaving import foretell_seats, give_up_seats
from assay.arrangement.sign_ins import needing
from assay.batches.stages import Stage
from assay.corps.needs import add_needs
from assay.kernel.contributions import BatchPage, add_batch_pages

add_batch_pages(
    BatchPage(Stage.ARRANGE, "考场编排", "arrangement:batch"),
    BatchPage(Stage.TICKETS, "准考证", "arrangement:tickets"),
)
add_needs(needing)
add_leaving(foretell_seats, give_up_seats)
