from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("jiujin", "0001_initial")]

    initial = False

    operations = [
        ops.AddField(model_name="CaseRecord", name="waits", field=fields.BooleanField(db_default=False)),
        ops.AddIndex(model_name="CaseRecord", index=Index(fields=["waits"])),
    ]
