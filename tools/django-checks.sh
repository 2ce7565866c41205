#!/bin/sh
# Migrations are complete, the reference data is sound, and production settings pass Django's own checks.
# Works on a data folder of its own: the portal's data stays untouched.
set -eu
cd "$(dirname "$0")/.."
DATA_DIR=$(mktemp -d)
export DATA_DIR
trap 'rm -rf "$DATA_DIR"' EXIT
python=.venv/bin/python
$python manage.py makemigrations --check --dry-run
$python manage.py migrate --verbosity 0
$python manage.py load_reference --check
SECRET_KEY=$(head -c 48 /dev/urandom | od -An -tx1 | tr -d ' \n') PRODUCTION=1 DEBUG=0 ALLOWED_HOSTS=thidua.example \
    SITE_URL=https://thidua.example PROXY_COUNT=1 DATABASE_URL=postgresql://thidua@127.0.0.1/thidua \
    REDIS_URL=redis://127.0.0.1/0 EMAIL_URL=smtp://127.0.0.1:25 \
    $python manage.py check --deploy --fail-level WARNING
