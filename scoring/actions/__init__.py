"""What people do with achievements, evidence and score sheets; import the module you need."""
