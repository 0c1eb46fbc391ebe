from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from common.store.tables.columns import BytesColumn


class Migration(migrations.Migration):
    dependencies = [("jiujin", "0004_waits")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Cover',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('journal', fields.ForeignKeyField('jiujin.Journal', source_field='journal_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('epoch_order', fields.IntField()),
                ('counter', fields.BigIntField()),
                ('number', fields.BigIntField()),
                ('hash', BytesColumn()),
                ('cover', BytesColumn()),
            ],
            options={'table': 'cover', 'app': 'jiujin', 'unique_together': (('journal', 'epoch_order', 'counter', 'hash'),), 'pk_attr': 'id', 'table_description': "What a checkpoint's signed root covers of a journal: the latest of each epoch of the hub."},
            bases=['Model'],
        ),
    ]
