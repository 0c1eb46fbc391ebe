"""What is handed in for a material: developed, then kept page by page."""

from common.casework.attachments import keep_files
from common.casework.desk import Desk
from common.domain.application import FileRef
from common.domain.item import Item, Material
from common.media.answer import MEDIA_TYPE
from common.media.order import order_for
from common.media.studio import Studio


async def keep_material(
    studio: Studio, desk: Desk, item: Item, material: Material, data: bytes
) -> tuple[FileRef, ...]:
    """Keep the pages of a file handed in for a material and return them in order.

    A file that is not taken is a ``PictureRefusedError``, and nothing of it is kept.
    """
    pages = await studio.develop(data, order_for(item, material))
    return await keep_files(desk, pages, MEDIA_TYPE, material.name)
