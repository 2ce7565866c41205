"""Who may do what with letters and with the timetable."""

import rules

from organization.rules import is_office, is_technician

# The technician has no say in any dossier, and letters tell of them.
rules.add_perm("letters.resend", is_office)
rules.add_perm("timetable.read", is_technician | is_office)
rules.add_perm("timetable.run", is_technician)
