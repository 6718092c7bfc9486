#!/usr/bin/env python3
"""Writes config.yaml, .env, their digests and SOUL.md while the Hermes image is built, from the build arguments.

JSON strings are YAML strings: values go through json.dumps, so that no model name can break the file.
"""
import grp
import hashlib
import json
import os
import pathlib
import pwd

HOME = pathlib.Path("/sandbox/.hermes")
# The same digests where the sandbox's user cannot change them: what the entry point believes.
TRUSTED_HASH = pathlib.Path("/etc/nemoclaw/hermes.config-hash")

CONFIG = """\
_config_version: 24
model:
  default: {model}
  provider: custom
  base_url: https://inference.local/v1
  api_key: unused
terminal:
  backend: local
platforms:
  api_server:
    enabled: true
    extra:
      host: 127.0.0.1
      port: 18642
"""

DISCORD = """\
discord:
  require_mention: true
  free_response_channels: ''
  allowed_channels: ''
  auto_thread: true
  reactions: true
  channel_prompts: {}
"""

SOUL = """\
# Soul

You are Hermes, at work in a sandbox. Keep what your owner tells you to keep.
"""


def main() -> None:
    discord = "discord" in os.environ.get("NEMOCLAW_MESSAGING_CHANNELS", "").split(",")
    config = CONFIG.format(model=json.dumps(os.environ["NEMOCLAW_MODEL"])) + (DISCORD if discord else "")
    env = ["API_SERVER_PORT=18642", "API_SERVER_HOST=127.0.0.1"]
    if discord:
        # The gateway puts the token in on the way out; a sandbox holds its name only.
        env.append("DISCORD_BOT_TOKEN=openshell:resolve:env:DISCORD_BOT_TOKEN")
        for name, source in (
            ("NEMOCLAW_DISCORD_GUILD_IDS", "NEMOCLAW_DISCORD_GUILD_IDS"),
            ("DISCORD_ALLOWED_USERS", "NEMOCLAW_DISCORD_ALLOWED_USERS"),
        ):
            if os.environ.get(source):
                env.append(f"{name}={os.environ[source]}")
    HOME.mkdir(parents=True, exist_ok=True)
    files = {"config.yaml": (config, 0o640), ".env": ("\n".join(env) + "\n", 0o640), "SOUL.md": (SOUL, 0o660)}
    owner = pwd.getpwnam("sandbox").pw_uid
    group = grp.getgrnam("sandbox").gr_gid
    for name, (text, _) in files.items():
        (HOME / name).write_text(text)
    sums = [f"{hashlib.sha256((HOME / name).read_bytes()).hexdigest()}  {HOME / name}" for name in ("config.yaml", ".env")]
    TRUSTED_HASH.parent.mkdir(parents=True, exist_ok=True)
    for place in (HOME / ".config-hash", TRUSTED_HASH):
        place.write_text("\n".join(sums) + "\n")
    TRUSTED_HASH.chmod(0o444)
    for name, mode in [(name, mode) for name, (_, mode) in files.items()] + [(".config-hash", 0o600)]:
        os.chown(HOME / name, owner, group)
        os.chmod(HOME / name, mode)


if __name__ == "__main__":
    main()
