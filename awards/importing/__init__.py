"""Files that awards are read from: sheets of honours of the years before the portal (``history``, ``columns``)."""
