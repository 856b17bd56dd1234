"""Flask with flask-cors. https://flask-cors.readthedocs.io/"""

import sys

from flask import Flask
from flask_cors import CORS

variant, port = sys.argv[1:]
options = {
    "default": {},
    "recommended": {"origins": ["https://app.example"], "supports_credentials": True},
}[variant]

app = Flask(__name__)
CORS(app, **options)


@app.route("/items", methods=["GET", "PUT"])
def items():
    return [], {"X-Total-Count": "0"}


@app.get("/error")
def error():
    raise RuntimeError("an error")


app.run("127.0.0.1", int(port))
