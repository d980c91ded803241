from assay.bank.queries import waiting_for
from assay.kernel.contributions import MenuEntry, add_engagements, add_menu

add_menu(
    MenuEntry("题库与试卷", "题库", "bank:specifications", order=10),
    MenuEntry("题库与试卷", "试卷", "bank:papers", order=20),
)
add_engagements(waiting_for)
