"""The floor as gunicorn serves it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "emulation_portal.bench.floor_settings"
application = get_wsgi_application()
