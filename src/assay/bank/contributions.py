from assay.bank.queries import leaks_known_to, waiting_for
from assay.kernel.contributions import MenuEntry, add_engagements, add_menu

add_menu(
    MenuEntry("题库与试卷", "题库", "bank:specifications", order=10),
    MenuEntry("题库与试卷", "试卷", "bank:papers", order=20),
)
add_engagements(waiting_for)
add_engagements(leaks_known_to)
