"""The OpenAPI document of the service, made once in a process since it takes seconds; nobody changes it."""

from __future__ import annotations

from service.app import create_app
from service.settings import Settings

DOCUMENT = create_app(Settings(store="sqlite::memory:", seed=False)).openapi()
