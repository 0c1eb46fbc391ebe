"""Journals, their entries, and the parcels they travel in."""

from tortoise import fields
from tortoise.models import Model

from common.store.tables.columns import AUDIENCE, BytesColumn, JsonColumn, node_id, uuid_text, word


class Journal(Model):
    """One journal's head: how far it is held, applied and sealed here."""

    id = fields.IntField(primary_key=True)
    digest = BytesColumn(unique=True)
    writer = node_id()
    epoch = BytesColumn()
    audience = fields.CharField(max_length=AUDIENCE, db_index=True)
    held_number = fields.BigIntField()
    held_hash = BytesColumn()
    applied_number = fields.BigIntField()
    applied_hash = BytesColumn()
    sealed_number = fields.BigIntField()
    state = word()

    class Meta:
        """Table."""

        table = "journal"


class Entry(Model):
    """One entry, in bytes as written, and what became of it here."""

    id = fields.BigIntField(primary_key=True)
    journal: fields.ForeignKeyRelation[Journal] = fields.ForeignKeyField(
        "jiujin.Journal", related_name=False, on_delete=fields.RESTRICT
    )
    number = fields.BigIntField()
    hash = BytesColumn()
    header = BytesColumn()
    salt = BytesColumn(null=True)
    body = BytesColumn(null=True)
    body_digest = BytesColumn()
    entry_class = fields.SmallIntField()
    kind = word()
    case_id = uuid_text(null=True)
    takings = fields.IntField(null=True)
    moves = fields.IntField(null=True)
    fact_number = fields.IntField(null=True)
    time_ms = fields.BigIntField()
    status = word()
    reason = word()

    class Meta:
        """Table."""

        table = "entry"
        unique_together = (("journal", "number"),)
        indexes = (("case_id",), ("status", "journal_id"))


class Parcel(Model):
    """A sealed parcel held or on its way, attachments' and half parcels' bytes are files."""

    name = BytesColumn(primary_key=True)
    kind = word()
    size = fields.BigIntField()
    journal: fields.ForeignKeyNullableRelation[Journal] = fields.ForeignKeyField(
        "jiujin.Journal", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    first_number = fields.BigIntField()
    last_number = fields.BigIntField()
    chain_before = BytesColumn(null=True)
    chain_after = BytesColumn(null=True)
    state = word()
    reason = word()
    chunks_held = fields.IntField()
    content = BytesColumn(null=True)
    staged_ms = fields.BigIntField()

    class Meta:
        """Table."""

        table = "parcel"
        indexes = (("journal_id", "first_number"), ("state",))


class Receipt(Model):
    """The newest receipt of each receiver for each journal."""

    id = fields.IntField(primary_key=True)
    journal: fields.ForeignKeyRelation[Journal] = fields.ForeignKeyField(
        "jiujin.Journal", related_name=False, on_delete=fields.RESTRICT
    )
    receiver = node_id()
    epoch = BytesColumn()
    counter = fields.BigIntField()
    held_number = fields.BigIntField()
    held_hash = BytesColumn()
    applied_number = fields.BigIntField()
    applied_hash = BytesColumn()
    safe_number = fields.BigIntField()
    issued_ms = fields.BigIntField()
    statement = BytesColumn()

    class Meta:
        """Table."""

        table = "receipt"
        unique_together = (("journal", "receiver"),)


class Checkpoint(Model):
    """A checkpoint of the hub: its time and the root over all heads."""

    id = fields.IntField(primary_key=True)
    epoch = BytesColumn()
    epoch_order = fields.IntField()
    counter = fields.BigIntField()
    hub_time_ms = fields.BigIntField()
    root = BytesColumn()
    leaf_count = fields.IntField()
    statement = BytesColumn()

    class Meta:
        """Table."""

        table = "checkpoint"
        unique_together = (("epoch", "counter"),)


class Cover(Model):
    """What a checkpoint's signed root covers of a journal: the latest of each epoch of the hub."""

    id = fields.IntField(primary_key=True)
    journal: fields.ForeignKeyRelation[Journal] = fields.ForeignKeyField(
        "jiujin.Journal", related_name=False, on_delete=fields.RESTRICT
    )
    epoch_order = fields.IntField()
    counter = fields.BigIntField()
    number = fields.BigIntField()
    hash = BytesColumn()
    cover = BytesColumn()

    class Meta:
        """Table."""

        table = "cover"
        unique_together = (("journal", "epoch_order", "counter", "hash"),)


class Summary(Model):
    """What stays of a case whose bodies left this disk: its signed summary."""

    case_id = uuid_text(primary_key=True)
    archived_on = fields.DateField()
    statement = BytesColumn()

    class Meta:
        """Table."""

        table = "summary"


class Clearing(Model):
    """A case that left this database and whose files and sealed parcels have still to go."""

    case_id = uuid_text(primary_key=True)
    why = word()
    files = JsonColumn()
    places = JsonColumn()

    class Meta:
        """Table."""

        table = "clearing"
