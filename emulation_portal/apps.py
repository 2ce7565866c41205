from django.apps import AppConfig


class EmulationPortalConfig(AppConfig):
    name = "emulation_portal"
    verbose_name = "Cổng Thi đua"
