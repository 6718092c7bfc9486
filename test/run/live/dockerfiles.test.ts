import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { argumentsOf, imagesOf, probeImagesOf } from '../../../src/run/live/dockerfiles';
import { missingIn } from '../../../src/run/live/old-agents';
import { temporaryDirectory } from '../../temporary-directory';

const HERMES = `FROM debian:13
ARG HERMES_VERSION=v2026.5.16
ARG HERMES_TARBALL_SHA256=c0a5
ARG HERMES_UV_EXTRAS="messaging web"
`;
const OPENCLAW = `FROM debian:13
ARG OPENCLAW_VERSION=2026.7.1
ARG OPENCLAW_2026_7_1_INTEGRITY=sha512-a
ARG FIXTURE_LEGACY_OPENCLAW=0
ARG OPENCLAW_2026_4_24_INTEGRITY=sha512-b
RUN echo "Error: OpenClaw has no committed npm integrity pin"
`;

describe('the Dockerfiles of a tree', () => {
  it('begin from images, with arguments as their defaults say, and not from stages of their own', () => {
    const dockerfile = `ARG BASE=registry.test:5000/base:latest
ARG NOTHING
FROM node:22-slim@sha256:${'0'.repeat(64)} AS builder
FROM --platform=linux/amd64 scratch AS empty
FROM builder AS second
FROM \${BASE}
FROM \${NOTHING}
`;
    expect(imagesOf(dockerfile)).to.deep.equal([
      `node:22-slim@sha256:${'0'.repeat(64)}`,
      'registry.test:5000/base:latest',
    ]);
  });

  it('have arguments, whatever their defaults are', () => {
    const name = fc.stringMatching(/^[A-Z][A-Z_]{0,10}$/);
    const value = fc.stringMatching(/^[a-z0-9.:/-]{0,12}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([one]) => one }), (pairs) => {
        const text = pairs.map(([one, other]) => `ARG ${one}=${other}\n`).join('RUN true\n');
        expect([...argumentsOf(text)]).to.deep.equal(pairs);
      }),
    );
  });
});

describe('the build of an old agent', () => {
  const hermes = (buildArguments: Record<string, string>) => missingIn(HERMES, { version: '2026.5.7', buildArguments });

  it('needs the digest that belongs to its version', () => {
    expect(hermes({ HERMES_VERSION: 'v2026.5.7' })).to.deep.equal([
      'HERMES_TARBALL_SHA256 is missing: the Dockerfile’s own is that of HERMES_VERSION v2026.5.16',
    ]);
    expect(hermes({ HERMES_VERSION: 'v2026.5.7', HERMES_TARBALL_SHA256: 'abcd' })).to.deep.equal([]);
    expect(hermes({ HERMES_VERSION: 'v2026.5.16' })).to.deep.equal([]);
  });

  it('has no argument that the Dockerfile does not know', () => {
    expect(hermes({ HERMES_RELEASE: '1' })).to.deep.equal(['the Dockerfile has no argument HERMES_RELEASE']);
  });

  it('is of a version that the Dockerfile pins, and as a fixture where it must be', () => {
    const openclaw = (version: string, more: Record<string, string> = {}) =>
      missingIn(OPENCLAW, { version, buildArguments: { OPENCLAW_VERSION: version, ...more } });
    expect(openclaw('2026.5.20')).to.deep.equal([
      'the Dockerfile has no pin of 2026.5.20, only of 2026.7.1, 2026.4.24',
    ]);
    expect(openclaw('2026.4.24')).to.deep.equal([
      'FIXTURE_LEGACY_OPENCLAW=1 is missing: the Dockerfile builds 2026.4.24 as a fixture only',
    ]);
    expect(openclaw('2026.4.24', { FIXTURE_LEGACY_OPENCLAW: '1' })).to.deep.equal([]);
    const permissive = OPENCLAW.replace(/^RUN.*$/m, '');
    expect(
      missingIn(permissive, { version: '2026.5.20', buildArguments: { OPENCLAW_VERSION: '2026.5.20' } }),
    ).to.deep.equal([]);
  });
});

describe('the images of preflight', () => {
  it('are those that the sources give to their probes, tests left out', () => {
    const tree = temporaryDirectory('probe-images');
    const sources = path.join(tree, 'src/lib/onboard');
    mkdirSync(sources, { recursive: true });
    writeFileSync(path.join(sources, 'preflight.ts'), 'export const A_PROBE_IMAGE =\n  "busybox@sha256:00";\n');
    writeFileSync(path.join(sources, 'other.ts'), "const PROBE_IMAGE = 'busybox@sha256:00';\nrun(PROBE_IMAGE);\n");
    writeFileSync(path.join(sources, 'preflight.test.ts'), 'const PROBE_IMAGE = "of-a-test:1";\n');
    expect(probeImagesOf(tree)).to.deep.equal(['busybox@sha256:00']);
    expect(probeImagesOf(path.join(tree, 'nowhere'))).to.deep.equal([]);
  });
});
