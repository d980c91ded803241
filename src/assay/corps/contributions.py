from assay.kernel.contributions import MenuEntry, add_menu

add_menu(MenuEntry("队伍与场地", "队伍与证卡", "corps:members_list", order=10))
