from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from common.store.tables.columns import BytesColumn, JsonColumn


class Migration(migrations.Migration):
    dependencies = [("jiujin", "0005_covers")]

    initial = False

    operations = [
        ops.AddField(model_name="CaseRecord", name="archived_on", field=fields.DateField(null=True)),
        ops.CreateModel(
            name="Summary",
            fields=[
                ("case_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=36)),
                ("archived_on", fields.DateField()),
                ("statement", BytesColumn()),
            ],
            options={"table": "summary", "app": "jiujin", "pk_attr": "case_id", "table_description": "What stays of a case whose bodies left this disk: its signed summary."},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Clearing",
            fields=[
                ("case_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=36)),
                ("why", fields.CharField(max_length=40)),
                ("files", JsonColumn()),
                ("places", JsonColumn()),
            ],
            options={"table": "clearing", "app": "jiujin", "pk_attr": "case_id", "table_description": "A case that left this database and whose files and sealed parcels have still to go."},
            bases=["Model"],
        ),
    ]
