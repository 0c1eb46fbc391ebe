"""What templates take: plain frozen dataclasses, one per page; each names its template."""
