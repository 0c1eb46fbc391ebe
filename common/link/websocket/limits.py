"""Limits of the WebSocket carrier alone (docs/spec/websocket.md §6); others are in ``common.link.limits``."""

PATH = "/jiujin"
"""The one thing that can be asked for."""
MAX_MESSAGE = 128 * 1024
"""Bytes of one message of the stream: a chunk and its frame fit into one."""
MAX_UNSENT = 128 * 1024
"""Bytes the system may hold unsent below the writer's buffer."""
MAX_REQUEST_LINE = 1024
MAX_HEADER = 4 * 1024
MAX_HEADERS = 32
MAX_CERTIFICATE = 4 * 1024
"""Bytes of an OpenSSH certificate's line."""
MOST_UNHEARD = 20
"""Keepalives in a row without a word from the peer, though bytes could be sent."""
