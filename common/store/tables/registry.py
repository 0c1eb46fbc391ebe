"""Who the nodes are, and the letters by which they join."""

from tortoise import fields
from tortoise.models import Model

from common.store.tables.columns import BytesColumn, JsonColumn, node_id, word


class Certificate(Model):
    """A node's certificate of one generation."""

    id = fields.IntField(primary_key=True)
    node = node_id()
    generation = fields.IntField()
    tier = word()
    parent = node_id(null=True)
    name = fields.CharField(max_length=120)
    divisions = JsonColumn()
    statement = BytesColumn()
    valid_from_ms = fields.BigIntField()
    valid_until_ms = fields.BigIntField(null=True)
    revoked_ms = fields.BigIntField(null=True)

    class Meta:
        """Table."""

        table = "certificate"
        unique_together = (("node", "generation"),)


class Revocation(Model):
    """A revocation of (node, generation), it may come before the certificate does."""

    id = fields.IntField(primary_key=True)
    node = node_id()
    generation = fields.IntField()
    revoked_ms = fields.BigIntField()
    statement = BytesColumn()

    class Meta:
        """Table."""

        table = "revocation"
        unique_together = (("node", "generation"),)


class Letter(Model):
    """Sealed bytes for one node that are no parcel of a journal: enrolment and renewal."""

    name = BytesColumn(primary_key=True)
    kind = word()
    sender = fields.CharField(max_length=64)
    addressee = fields.CharField(max_length=64)
    content = BytesColumn()
    state = word()
    received_ms = fields.BigIntField()

    class Meta:
        """Table."""

        table = "letter"
        indexes = (("addressee", "state"),)


class Invitation(Model):
    """An invitation of the hub, the secret itself is kept nowhere."""

    secret_digest = BytesColumn(primary_key=True)
    node = node_id()
    generation = fields.IntField()
    tier = word()
    parent = node_id(null=True)
    name = fields.CharField(max_length=120)
    divisions = JsonColumn()
    expires_ms = fields.BigIntField()
    state = word()
    keys_digest = BytesColumn(null=True)
    invited_by = word()

    class Meta:
        """Table."""

        table = "invitation"
