import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { generate } from 'selfsigned';
import writeFileAtomic from 'write-file-atomic';
import type { StateDirectory } from '../state-directory';

/** A certificate and its key, PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

const systemBundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];
const day = 24 * 60 * 60 * 1000;

function lifetime(days: number) {
  // From a day ago, for clocks in containers and in tests that are a little slow.
  return { notBeforeDate: new Date(Date.now() - day), notAfterDate: new Date(Date.now() + days * day) };
}

async function makeAuthority(): Promise<KeyPair> {
  const made = await generate([{ name: 'commonName', value: 'OpenShell sandbox CA' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...lifetime(3650),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** A server certificate for `host`, signed by the gateway's own authority. */
export async function issue(host: string, authority: KeyPair): Promise<KeyPair> {
  const made = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...lifetime(365),
    ca: { cert: authority.cert, key: authority.key },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/**
 * Opens the gateway's certificate authority, made on its first start and kept from then on, and writes the certificates
 * that sandboxes trust: that authority beside the system's.
 */
export async function openAuthority(directory: StateDirectory): Promise<KeyPair> {
  mkdirSync(directory.tls, { recursive: true, mode: 0o700 });
  mkdirSync(directory.publicTls, { recursive: true });
  const files = { cert: join(directory.tls, 'ca.crt'), key: join(directory.tls, 'ca.key') };
  let authority: KeyPair;
  if (existsSync(files.cert) && existsSync(files.key)) {
    authority = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
    const until = Date.parse(new X509Certificate(authority.cert).validTo);
    if (until < Date.now())
      throw new Error(`${files.cert} has expired; remove ${directory.tls} and recreate the sandboxes`);
  } else {
    authority = await makeAuthority();
    writeFileAtomic.sync(files.key, authority.key, { mode: 0o600 });
    writeFileAtomic.sync(files.cert, authority.cert, { mode: 0o644 });
  }
  const system = systemBundles.find((file) => existsSync(file));
  const trusted = system ? readFileSync(system, 'utf8') : `${rootCertificates.join('\n')}\n`;
  writeFileAtomic.sync(join(directory.publicTls, 'openshell-ca.pem'), authority.cert, { mode: 0o644 });
  writeFileAtomic.sync(join(directory.publicTls, 'ca-bundle.pem'), `${authority.cert.trim()}\n${trusted}`, {
    mode: 0o644,
  });
  // Sandboxes read it as another user, and this process may have a stricter umask.
  chmodSync(directory.publicTls, 0o755);
  return authority;
}
