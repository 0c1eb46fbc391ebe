"""Items, catalogues and calendars, each version named by the hash of its content."""

from tortoise import fields
from tortoise.models import Model

from common.store.tables.columns import JsonColumn, word


class ItemVersion(Model):
    """One version of one item."""

    id = fields.IntField(primary_key=True)
    code = word()
    version = fields.CharField(max_length=64)
    name = fields.CharField(max_length=300)
    effective_from = fields.DateField()
    ended_on = fields.DateField(null=True)
    state = word()
    content = JsonColumn()

    class Meta:
        """Table."""

        table = "item_version"
        unique_together = (("code", "version"),)


class CatalogueVersion(Model):
    """One published catalogue: which version of which items."""

    version = fields.CharField(max_length=64, primary_key=True)
    number = fields.IntField(unique=True)
    published_ms = fields.BigIntField()
    content = JsonColumn()

    class Meta:
        """Table."""

        table = "catalogue_version"


class CalendarVersion(Model):
    """One published calendar of working days."""

    version = fields.CharField(max_length=64, primary_key=True)
    number = fields.IntField(unique=True)
    published_ms = fields.BigIntField()
    content = JsonColumn()

    class Meta:
        """Table."""

        table = "calendar_version"
