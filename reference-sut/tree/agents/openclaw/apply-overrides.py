"""Writes the overrides of one start into openclaw.json, and its hash after that.

Everything is looked at before anything is written. A value that could not have been meant ends the start (Refused); one that is
merely wrong is told, and its whole block is left out while the start goes on (Skipped).
"""
import hashlib
import json
import os
import pathlib
import re
import sys
import tempfile

LONGEST = 256
# A line break is none of them: the value is looked at line by line, as the product does it.
CONTROL_CHARACTER = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
INFERENCE_APIS = ("openai-completions", "anthropic-messages")


class Refused(Exception):
    pass


class Skipped(Exception):
    pass


def tell(line):
    print(line, file=sys.stderr, flush=True)


def clean_text(environment, name):
    """The variable's value; empty where it is not set."""
    value = environment.get(name, "")
    if CONTROL_CHARACTER.search(value):
        raise Refused(f"{name} contains control characters — refusing")
    if len(value) > LONGEST:
        raise Refused(f"{name} exceeds {LONGEST} characters — refusing")
    return value


def inference_api(environment):
    name = "NEMOCLAW_INFERENCE_API_OVERRIDE"
    value = environment.get(name, "")
    if value and value not in INFERENCE_APIS:
        accepted = " or ".join(f'"{one}"' for one in INFERENCE_APIS)
        raise Skipped(f'{name} must be {accepted}, got "{value}" — skipping override')
    return value


def positive_integer(environment, name):
    value = environment.get(name, "")
    if value and not re.fullmatch("[1-9][0-9]*", value):
        raise Skipped(f'{name} must be a positive integer, got "{value}" — skipping override')
    return int(value) if value else None


def truth(environment, name):
    value = environment.get(name, "")
    if value and value not in ("true", "false"):
        raise Skipped(f'{name} must be "true" or "false", got "{value}" — skipping override')
    return value == "true" if value else None


def plan_model_block(environment):
    """The wishes about the model; None where there are none. Sizes and reasoning count together with a model or an API only."""
    model = clean_text(environment, "NEMOCLAW_MODEL_OVERRIDE")
    if not model and not environment.get("NEMOCLAW_INFERENCE_API_OVERRIDE"):
        return None
    return {
        "model": model,
        "api": inference_api(environment),
        "contextWindow": positive_integer(environment, "NEMOCLAW_CONTEXT_WINDOW"),
        "maxTokens": positive_integer(environment, "NEMOCLAW_MAX_TOKENS"),
        "reasoning": truth(environment, "NEMOCLAW_REASONING"),
    }


def plan_origin(environment):
    name = "NEMOCLAW_CORS_ORIGIN"
    origin = clean_text(environment, name)
    if origin and not origin.startswith(("http://", "https://")):
        raise Skipped(f'{name} must start with http:// or https://, got "{origin}" — skipping override')
    return origin or None


def planned(plan, environment):
    try:
        return plan(environment)
    except Skipped as skipped:
        tell(f"[SECURITY] {skipped}")
        return None


def override_model(config, model):
    """The default names provider and model, the provider's own list the model alone: else OpenClaw does not find it there."""
    tell(f"[config] Applying model override: {model}")
    config["agents"]["defaults"]["model"]["primary"] = model
    for name, provider in config["models"]["providers"].items():
        for entry in provider["models"]:
            entry["id"], entry["name"] = model.removeprefix(f"{name}/"), model


def override_api(config, api):
    tell(f"[config] Applying inference API override: {api}")
    for provider in config["models"]["providers"].values():
        provider["api"] = api


def override_field(config, field, value, name):
    tell(f"[config] Applying {name} override: {json.dumps(value)}")
    for provider in config["models"]["providers"].values():
        for entry in provider["models"]:
            entry[field] = value


def apply_model_block(config, wishes):
    if wishes["model"]:
        override_model(config, wishes["model"])
    if wishes["api"]:
        override_api(config, wishes["api"])
    for field, name in (("contextWindow", "context window"), ("maxTokens", "max tokens"), ("reasoning", "reasoning")):
        if wishes[field] is not None:
            override_field(config, field, wishes[field], name)


def add_origin(config, origin):
    tell(f"[config] Adding CORS origin: {origin}")
    origins = config["gateway"]["controlUi"]["allowedOrigins"]
    if origin not in origins:
        origins.append(origin)


def refuse_links(what, *paths):
    """A link would have root write somewhere else."""
    if any(path.is_symlink() for path in paths):
        raise Refused(f"Refusing {what} — config or hash path is a symlink")


def replace(path, text, like):
    """Owner and mode are those of `like`; a reader sees the old file or the new one.

    The directory is the sandbox user's: only a name that nobody knows beforehand cannot be a link that waits there.
    """
    model = like.stat()
    opened, following = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with open(opened, "w", encoding="utf-8") as file:
        file.write(text)
        os.fchown(file.fileno(), model.st_uid, model.st_gid)
        os.fchmod(file.fileno(), model.st_mode & 0o7777)
    os.replace(following, path)


def write_config(directory, config):
    path = directory / "openclaw.json"
    replace(path, json.dumps(config, indent=2), like=path)


def write_hash(directory):
    config = directory / "openclaw.json"
    digest = hashlib.sha256(config.read_bytes()).hexdigest()
    replace(directory / ".config-hash", f"{digest}  openclaw.json\n", like=config)


def carry_out(directory, change, wish, said_after):
    config = json.loads((directory / "openclaw.json").read_text(encoding="utf-8"))
    change(config, wish)
    write_config(directory, config)
    write_hash(directory)
    tell(said_after)


def main(directory, environment):
    model, origin = planned(plan_model_block, environment), planned(plan_origin, environment)
    written = (directory, directory / "openclaw.json", directory / ".config-hash")
    if model:
        refuse_links("model override", *written)
    if origin:
        refuse_links("CORS override", *written)
    if model:
        carry_out(directory, apply_model_block, model, "[SECURITY] Config hash recomputed after model override")
    if origin:
        carry_out(directory, add_origin, origin, "[config] Config hash recomputed after CORS override")


if __name__ == "__main__":
    try:
        main(pathlib.Path(sys.argv[1]), os.environ)
    except Refused as refused:
        tell(f"[SECURITY] {refused}")
        sys.exit(1)
