"""The WebSocket carrier: TLS 1.3, a log-in of our own, then a stream of bytes (docs/spec/websocket.md)."""
