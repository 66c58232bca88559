"""The order sources, by the name in their address (`/hooks/{name}`)."""

from typing import Final

from studio.shop.webhooks import generic, shopify, woocommerce, youzan
from studio.shop.webhooks.dialect import Dialect

DIALECTS: Final[dict[str, Dialect]] = {
    "shopify": shopify.DIALECT,
    "woocommerce": woocommerce.DIALECT,
    "youzan": youzan.DIALECT,
    "generic": generic.DIALECT,
}
