"""People who sign in, what they are writing, and what they may decide."""

from tortoise import fields
from tortoise.models import Model

from common.store.tables.columns import BytesColumn, JsonColumn, node_id, uuid_text, word


class Account(Model):
    """A sign-in: password's hash and the keys wrapped under it, nothing personal."""

    login = fields.CharField(max_length=40, primary_key=True)
    password_hash = fields.CharField(max_length=255)
    wraps = JsonColumn()
    roles = JsonColumn()
    disabled = fields.BooleanField()
    failed = fields.IntField()
    locked_until_ms = fields.BigIntField()

    class Meta:
        """Table."""

        table = "account"


class Person(Model):
    """The person behind a sign-in."""

    login = fields.CharField(max_length=40, primary_key=True)
    display_name = fields.CharField(max_length=60)

    class Meta:
        """Table."""

        table = "person"


class WebSession(Model):
    """A session of a browser, the token itself is kept nowhere."""

    token_digest = BytesColumn(primary_key=True)
    login = fields.CharField(max_length=40, db_index=True)
    data = JsonColumn()
    created_ms = fields.BigIntField()
    seen_ms = fields.BigIntField()
    expires_ms = fields.BigIntField(db_index=True)

    class Meta:
        """Table."""

        table = "web_session"


class Draft(Model):
    """An application being written, confirmed once."""

    id = uuid_text(primary_key=True)
    owner = fields.CharField(max_length=40)
    item = word()
    content = JsonColumn()
    updated_ms = fields.BigIntField(db_index=True)
    confirmed_case = uuid_text(null=True)

    class Meta:
        """Table."""

        table = "draft"


class DatedGrant(Model):
    """Who may decide which items, from when to when."""

    grant_id = uuid_text(primary_key=True)
    login = fields.CharField(max_length=40)
    node = node_id()
    verbs = JsonColumn()
    items = JsonColumn()
    deputy = fields.BooleanField()
    valid_from = fields.DateField()
    valid_until = fields.DateField(null=True)
    ended_on = fields.DateField(null=True)
    content = JsonColumn()

    class Meta:
        """Table."""

        table = "dated_grant"
        indexes = (("node", "login"),)


class UnmaskLog(Model):
    """Each look behind a mask, with its reason."""

    id = fields.IntField(primary_key=True)
    login = fields.CharField(max_length=40)
    case_id = uuid_text(db_index=True)
    field = word()
    reason = fields.CharField(max_length=200)
    at_ms = fields.BigIntField()

    class Meta:
        """Table."""

        table = "unmask_log"


class SerialCounter(Model):
    """The last serial given in a series of one year."""

    id = fields.IntField(primary_key=True)
    series = fields.CharField(max_length=80)
    year = fields.IntField()
    last_serial = fields.IntField()

    class Meta:
        """Table."""

        table = "serial_counter"
        unique_together = (("series", "year"),)


class Setting(Model):
    """A small value the program itself keeps."""

    key = fields.CharField(max_length=80, primary_key=True)
    value = JsonColumn()

    class Meta:
        """Table."""

        table = "setting"
