"""Flask with flask-cors: as it should be, and with mistakes that people make."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify
from flask_cors import CORS

RIGHT: dict[str, Any] = {
    "origins": ["https://app.example"],
    "supports_credentials": True,
    "methods": ["GET", "PUT"],
    "allow_headers": ["content-type"],
    "expose_headers": ["etag"],
}


def items(**options: Any) -> Flask:
    app = Flask(__name__)
    CORS(app, **{**RIGHT, **options})

    @app.route("/items", methods=["GET", "PUT"])
    def read() -> Response:
        response = jsonify([])
        response.headers["ETag"] = '"1"'
        return response

    @app.get("/folder/")
    def folder() -> Response:
        return jsonify([])

    @app.get("/crash")
    def crash() -> Response:
        raise LookupError("the table is gone")

    return app


app = items()
