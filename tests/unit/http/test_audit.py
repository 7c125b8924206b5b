"""What a request changes is noted for the one whose token it shows."""

import asyncio

from tests.unit.http.asgi import AT
