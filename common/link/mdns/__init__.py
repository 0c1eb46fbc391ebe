"""Nodes that announce themselves on a local network, and nodes that look for them (docs/spec/mdns.md)."""
