"""What the portal promises about trust: the checklist of docs, one theme a file."""
