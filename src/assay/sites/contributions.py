from assay.kernel.contributions import MenuEntry, add_menu

add_menu(MenuEntry("队伍与场地", "考场与机位", "sites:rooms_list", order=20))
