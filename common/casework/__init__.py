"""What people do with a case: one verb a file, one transaction each."""
