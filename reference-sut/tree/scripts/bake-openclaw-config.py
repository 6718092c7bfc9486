#!/usr/bin/env python3
"""Writes openclaw.json and its .config-hash while the sandbox image is built, from the build arguments.

The file is written once, here: what it holds (route, dashboard origin) belongs to the image; no credential does.
"""
import grp
import hashlib
import json
import os
import pathlib
import pwd

HOME = pathlib.Path("/sandbox/.openclaw")


def positive(name: str) -> int:
    text = os.environ.get(name, "")
    if not text.isdigit() or int(text) == 0:
        raise SystemExit(f"{name} must be a positive integer, got {text!r}")
    return int(text)


def build() -> dict:
    model = os.environ["NEMOCLAW_MODEL"]
    port = positive("NEMOCLAW_DASHBOARD_PORT")
    entry = {
        "id": model,
        "name": f"inference/{model}",
        "reasoning": os.environ["NEMOCLAW_REASONING"] == "true",
        "input": ["text"],
        "cost": {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0},
        "contextWindow": positive("NEMOCLAW_CONTEXT_WINDOW"),
        "maxTokens": positive("NEMOCLAW_MAX_TOKENS"),
    }
    if os.environ.get("NEMOCLAW_MODEL_COMPAT"):
        entry["compat"] = json.loads(os.environ["NEMOCLAW_MODEL_COMPAT"])
    return {
        "agents": {"defaults": {"model": {"primary": f"inference/{model}"}}},
        "models": {
            "mode": "merge",
            "providers": {
                "inference": {
                    "baseUrl": "https://inference.local/v1",
                    "apiKey": "unused",
                    "api": "openai-completions",
                    "models": [entry],
                }
            },
        },
        "channels": {"defaults": {}},
        "gateway": {
            "mode": "local",
            "port": port,
            "bind": "loopback",
            "controlUi": {
                "allowInsecureAuth": True,
                "dangerouslyDisableDeviceAuth": True,
                "allowedOrigins": [f"http://127.0.0.1:{port}"],
            },
            "trustedProxies": ["127.0.0.1", "::1"],
            "auth": {"mode": "token", "token": ""},
        },
        "update": {"checkOnStart": False},
        "plugins": {"enabled": False},
        "skills": {"entries": {}},
    }


def main() -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    owner = pwd.getpwnam("sandbox").pw_uid
    group = grp.getgrnam("sandbox").gr_gid
    config = HOME / "openclaw.json"
    config.write_text(json.dumps(build(), indent=2))
    digest = hashlib.sha256(config.read_bytes()).hexdigest()
    checksum = HOME / ".config-hash"
    checksum.write_text(f"{digest}  {config}\n")
    for path, mode in ((HOME, 0o2770), (config, 0o660), (checksum, 0o660)):
        os.chown(path, owner, group)
        os.chmod(path, mode)


if __name__ == "__main__":
    main()
