"""Projections of cases: made from entries and summaries alone, dropped and made again by ``rebuild``."""

from tortoise import fields
from tortoise.models import Model

from common.store.tables.columns import AUDIENCE, BytesColumn, JsonColumn, node_id, uuid_text, word


class CaseRecord(Model):
    """One row a case, for lists and searches."""

    id = fields.IntField(primary_key=True)
    case_id = uuid_text(unique=True)
    number = fields.CharField(max_length=16, db_index=True)
    item_code = word()
    item_version = fields.CharField(max_length=64)
    title = fields.CharField(max_length=200)
    applicant = fields.CharField(max_length=120)
    applicant_masked = fields.CharField(max_length=120)
    search_text = fields.TextField()
    identity_hash = BytesColumn(null=True, db_index=True)
    state = word()
    outcome = word(null=True)
    custodian = node_id()
    takings = fields.IntField()
    moves = fields.IntField()
    fact_number = fields.IntField()
    intake_node = node_id(db_index=True)
    owner = node_id()
    audience = fields.CharField(max_length=AUDIENCE)
    received_on = fields.DateField()
    accepted_on = fields.DateField(null=True)
    correction_due = fields.DateField(null=True)
    promised_due = fields.DateField(null=True)
    statutory_due = fields.DateField(null=True)
    due_on = fields.DateField(null=True)
    closed_on = fields.DateField(null=True)
    archived_on = fields.DateField(null=True)
    sensitive = fields.BooleanField()
    insisted = fields.BooleanField()
    waits = fields.BooleanField(db_default=False)
    parent_case = uuid_text(null=True, db_index=True)
    foreign_number = fields.CharField(max_length=64, null=True)
    marks = JsonColumn()
    steps = JsonColumn()
    content = JsonColumn()
    updated_ms = fields.BigIntField()

    class Meta:
        """Table."""

        table = "case_record"
        indexes = (("updated_ms",), ("custodian", "state"), ("state", "due_on"), ("owner",), ("waits",))


class CaseMaterial(Model):
    """One material of a case, given or missing."""

    id = fields.IntField(primary_key=True)
    case_id = uuid_text()
    position = fields.IntField()
    code = fields.CharField(max_length=64)
    name = fields.CharField(max_length=300)
    state = word()
    copies = fields.IntField()
    taken = word()
    attachments = JsonColumn()

    class Meta:
        """Table."""

        table = "case_material"
        unique_together = (("case_id", "position"),)


class CasePaper(Model):
    """One paper issued or printed for a case."""

    id = fields.IntField(primary_key=True)
    case_id = uuid_text()
    position = fields.IntField()
    paper_id = uuid_text(db_index=True)
    kind = word()
    number = fields.CharField(max_length=80)
    issued_on = fields.DateField()
    issuer = node_id()
    state = word()
    content = JsonColumn()

    class Meta:
        """Table."""

        table = "case_paper"
        unique_together = (("case_id", "position"),)


class CaseStep(Model):
    """One line of a case's timeline."""

    id = fields.IntField(primary_key=True)
    case_id = uuid_text()
    position = fields.IntField()
    kind = word()
    entry_class = fields.SmallIntField()
    at_ms = fields.BigIntField()
    node = node_id()
    actor = fields.CharField(max_length=60)
    standing = word()
    journal_digest = BytesColumn()
    number = fields.BigIntField()
    detail = JsonColumn()

    class Meta:
        """Table."""

        table = "case_step"
        unique_together = (("case_id", "position"),)
