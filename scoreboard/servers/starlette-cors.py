"""FastAPI with Starlette's CORSMiddleware. https://fastapi.tiangolo.com/tutorial/cors/"""

import sys

import uvicorn
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

variant, port = sys.argv[1:]
options = {
    "default": {"allow_origins": ["*"]},
    "recommended": {
        "allow_origins": ["https://app.example"],
        "allow_credentials": True,
        "allow_methods": ["*"],
        "allow_headers": ["*"],
    },
    "pattern": {
        "allow_origins": ["https://app.example"],
        "allow_origin_regex": r"https://.*\.app\.example",
        "allow_credentials": True,
    },
}[variant]

app = FastAPI()
app.add_middleware(CORSMiddleware, **options)


@app.get("/items")
@app.put("/items")
def items(response: Response):
    response.headers["X-Total-Count"] = "0"
    return []


@app.get("/error")
def error():
    raise RuntimeError("an error")


uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="critical")
