from assay.corps.models import Member
from assay.kernel.contributions import MenuEntry, add_menu
from assay.kernel.persons import known_by

add_menu(MenuEntry("队伍与场地", "队伍与证卡", "corps:members_list", order=10))
known_by(Member)
