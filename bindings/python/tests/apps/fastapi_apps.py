"""FastAPI with Starlette's CORSMiddleware: as it should be, and with mistakes that people make."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

RIGHT: dict[str, Any] = {
    "allow_origins": ["https://app.example"],
    "allow_credentials": True,
    "allow_methods": ["GET", "PUT"],
    "allow_headers": ["content-type"],
    "expose_headers": ["etag"],
}


def items(**options: Any) -> FastAPI:
    app = FastAPI()
    app.add_middleware(CORSMiddleware, **{**RIGHT, **options})

    @app.get("/items")
    @app.put("/items")
    def read(response: Response) -> list[str]:
        response.headers["ETag"] = '"1"'
        return []

    @app.get("/crash")
    def crash() -> None:
        raise LookupError("the table is gone")

    return app


app = items()
