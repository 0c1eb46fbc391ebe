"""Every limit of the formats, in one place (docs/spec/limits.md)."""

HEADER_MAX = 128
"""Bytes of an entry header."""
KIND_MAX = 40
"""Bytes of a kind."""
BODY_MAX = 262_144
"""Bytes of an entry's body."""
CITABLE_BODY_MAX = 126_976
"""Bytes of the body of a case's entry, for writers."""
CITED_ENTRY_MAX = 130_048
"""Bytes of a cited entry, before hex."""
POSITION_MAX = 2_147_483_647
"""Takings, moves and fact numbers; a clock's uncertainty in milliseconds."""
PLAIN_MAX = 1_048_576
"""Bytes of a run."""
PACKED_MAX = 1_056_768
"""Bytes of a packed run."""
RUN_MAX = 1_000
"""Entries of a run."""
SMALL_PLAIN = 262_144
"""Bytes of a run packed at the higher level."""
BATCH_HEADER_MAX = 65_536
"""Bytes of a batch header or reseal statement."""
BATCH_MAX = 1_310_720
"""Bytes of a batch."""
READERS_MAX = 16
"""Readers of a batch."""
WRAP_MAX = 2_048
"""Bytes of one wrapped key."""
ATTACHMENTS_MAX = 2_000
"""Attachments named by a batch."""
CHUNK = 65_536
"""Bytes in which parcels travel, and of a sealed piece of an attachment."""
ATTACHMENT_MAX = 67_108_864
"""Plain bytes of an attachment."""
STATEMENT_TYPE_MAX = 40
"""Bytes of a statement's type."""
PAYLOAD_MAX = 16_384
"""Bytes of a statement's payload."""
STATEMENT_MAX = 16_640
"""Bytes of a statement."""
EXCEPTIONS_MAX = 100
"""Exceptions of a receipt."""
REASON_MAX = 40
"""Bytes of a reason code."""
PATH_MAX = 64
"""Steps of a Merkle path."""
CHECKPOINT_MAX = 4_096
"""Bytes of a checkpoint statement in a cover."""
COVER_MAX = 8_192
"""Bytes of a cover."""
EVIDENCE_MAX = 16_777_216
"""Bytes of an evidence file."""
EVIDENCE_HUBS_MAX = 100
"""Hub certificates in an evidence file."""
EVIDENCE_COVERS_MAX = 10_000
"""Covers in an evidence file."""
FIGURES_MAX = 64
"""Figures of one statement."""
PROGRAM_MAX = 64
"""Bytes of a program's name and version."""
NODE_ID_MAX = 16
"""Bytes of a node id."""
AUDIENCE_MAX = 24
"""Bytes of an audience."""
