from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "assay.bank"
    label = "bank"
    verbose_name = "题库"
    default_auto_field = "django.db.models.BigAutoField"
