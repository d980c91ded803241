from assay.kernel.contributions import MenuEntry, add_menu

add_menu(MenuEntry("认定批次", "省平台消息", "gateway:outbox", order=90))
