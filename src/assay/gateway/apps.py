from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "assay.gateway"
    label = "gateway"
    verbose_name = "外部平台"
    default_auto_field = "django.db.models.BigAutoField"
