"""The API's calls on what is running low."""

from ninja import Router

router = Router()
