"""The database itself refuses to change a journal line, whoever asks.

SQLite keeps deletion possible: Django's test runner empties its tables with DELETE, PostgreSQL's with TRUNCATE.
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION core_entry_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'core_entry only grows'; END $$;
CREATE TRIGGER core_entry_only_grows BEFORE UPDATE OR DELETE ON core_entry
FOR EACH ROW EXECUTE FUNCTION core_entry_only_grows();
"""
POSTGRESQL_BACK = "DROP TRIGGER core_entry_only_grows ON core_entry; DROP FUNCTION core_entry_only_grows();"
SQLITE = """
CREATE TRIGGER core_entry_only_grows BEFORE UPDATE ON core_entry
BEGIN SELECT RAISE(ABORT, 'core_entry only grows'); END
"""


def forwards(apps, schema_editor):
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL_BACK if postgresql else "DROP TRIGGER core_entry_only_grows")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
