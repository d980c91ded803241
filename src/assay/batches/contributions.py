from assay.batches.queries import plans_waiting_for
from assay.kernel.contributions import MenuEntry, add_engagements, add_menu

add_menu(
    MenuEntry("认定批次", "年度计划", "batches:plans", order=10),
    MenuEntry("认定批次", "认定批次", "batches:list", order=20),
)
add_engagements(plans_waiting_for)
