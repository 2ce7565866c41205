"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emulation_portal.settings")
application = get_wsgi_application()
# What is loaded now stays for good: the collector need not walk through it again, nor so often (a page makes
# thousands of short-lived objects and hardly a cycle). A few percent of every page.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 50, 100)
