import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { Trace } from '../../src/evidence/observation';
import { Gateway, type OpenshellManners } from '../../src/sut/gateway';
import { HostCli } from '../../src/sut/host-cli';
import { seconds } from '../../src/sut/until';
import { rejection } from '../rejection';
import { temporaryDirectory } from '../temporary-directory';

/** An `openshell` of May, which knows no form of output, and whose gateway has one sandbox. */
const older = (noted: string) => `#!/bin/sh
echo "$*" >>'${noted}'
case "$*" in
  *'-o json') printf "error: unexpected argument '-o' found\\n\\nUsage: openshell status [OPTIONS]\\n" >&2; exit 2 ;;
  status) printf 'Server Status\\n\\n  Gateway: nemoclaw\\n  Version: 0.0.36\\n' ;;
  'sandbox list') printf 'NAME  CREATED              PHASE\\ndemo  2026-11-22 15:10:50  Ready\\n' ;;
  *) printf 'Error: no such policy\\n' >&2; exit 1 ;;
esac
`;

/** An `openshell` that notes its calls, and lists one sandbox in the phase Deleting for a number of looks. */
const program = (noted: string, looks: number) => `#!/bin/sh
echo "$*" >>'${noted}'
[ "$2" = list ] || exit 0
if [ "$(grep -c list '${noted}')" -gt ${looks} ]; then echo '[]'; else echo '[{"name":"demo","phase":"Deleting"}]'; fi
`;

describe('the gateway’s client', () => {
  const root = temporaryDirectory('gateway');
  let number = 0;
  const clientOf = (looks: number, manners: OpenshellManners, text = program) => {
    number += 1;
    const noted = path.join(root, `calls-${number}`);
    const file = path.join(root, `openshell-${number}`);
    const cli = new HostCli({
      nemoclaw: ['nemoclaw'],
      openshell: [file],
      env: () => ({ PATH: process.env.PATH ?? '' }),
      cwd: root,
      logs: path.join(root, `logs-${number}`),
      signal: new AbortController().signal,
    });
    writeFileSync(file, text(noted, looks));
    chmodSync(file, 0o755);
    const calls = () => readFileSync(noted, 'utf8').trim().split('\n');
    return { gateway: new Gateway(cli, 'nemoclaw', seconds(10), manners), calls };
  };

  it('asks for JSON where this release’s openshell answers so', async () => {
    const { gateway, calls } = clientOf(9, { output: 'json', deletesInBackground: true });
    expect((await gateway.phase('demo')).seenIn(new Trace())).to.equal('Deleting');
    expect(calls()).to.deep.equal(['sandbox list -o json']);
    const plain = clientOf(9, { output: 'text', deletesInBackground: false });
    await plain.gateway.phase('demo');
    expect(plain.calls()).to.deep.equal(['sandbox list']);
  });

  it('asks an older openshell for its table, and takes no other failure for that', async () => {
    const { gateway, calls } = clientOf(0, { output: 'json', deletesInBackground: true }, older);
    expect((await gateway.version()).seenIn(new Trace())).to.equal('0.0.36');
    expect((await gateway.phase('demo')).seenIn(new Trace())).to.equal('Ready');
    expect(calls()).to.deep.equal(['status -o json', 'status', 'sandbox list -o json', 'sandbox list']);
    expect(await rejection(() => gateway.networkPolicies('demo'))).to.include('no such policy');
  });

  it('waits until a sandbox that is deleted in the background is no longer listed', async () => {
    const { gateway, calls } = clientOf(2, { output: 'json', deletesInBackground: true });
    await gateway.deleteSandbox('demo', { within: seconds(10) });
    const list = 'sandbox list -o json';
    expect(calls()).to.deep.equal(['sandbox delete demo', list, list, list]);
  });

  it('reports a sandbox that stays in the phase Deleting', async () => {
    const { gateway } = clientOf(999, { output: 'json', deletesInBackground: true });
    const message = await rejection(() => gateway.deleteSandbox('demo', { within: 600 }));
    expect(message).to.match(/waited .* for the sandbox demo to be deleted, in vain; last seen: Deleting/);
  });

  it('does not look again where a deletion is over when the command is', async () => {
    const { gateway, calls } = clientOf(999, { output: 'text', deletesInBackground: false });
    await gateway.deleteSandbox('demo', { within: seconds(10) });
    expect(calls()).to.deep.equal(['sandbox delete demo']);
  });
});
