import { Given, Then } from '@cucumber/cucumber';
import { parse } from 'yaml';
import { z } from 'zod';
import { lacking, liveOpensPresets, newestManifest } from '../checks/policy';
import type { AssertionContext } from '../evidence/assertion';
import { loadPreset } from '../staging/presets';
import { textOf } from '../sut/host-cli';
import { missingFrom, networkPolicySchema, type Opening, openings } from '../sut/policy';
import { assertion } from '../world/step-registry';
import type { Phase9World } from '../world/world';

Given(
  'the live policy opens what the presets name',
  assertion('rebuild.openclaw.presets-live-before', liveOpensPresets),
);

Then(
  'the live policy still opens what the presets name',
  assertion('rebuild.openclaw.policy-in-live-gateway', liveOpensPresets),
);

Then(
  'the registry still holds the presets',
  assertion('rebuild.openclaw.policy-in-registry', (a, world) => {
    const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
    const held = entry?.policies ?? [];
    a.isEmpty(
      'presets that the registry lacks',
      lacking(held, world.get('presets')),
      `none of ${world.get('presets').join(', ')}`,
    );
  }),
);

Then(
  "the newest backup's manifest holds the presets",
  assertion('rebuild.openclaw.policy-in-backup-manifest', (a, world) => {
    const manifest = newestManifest(a, world);
    a.isEmpty(
      'presets that the backup manifest lacks',
      lacking(manifest.policyPresets ?? [], world.get('presets')),
      `none of ${world.get('presets').join(', ')}`,
    );
  }),
);

const contentSchema = z.looseObject({ network_policies: z.record(z.string(), networkPolicySchema) });

/** The openings that a stored custom policy's text names; its text may have been written anew. */
function openingsOfContent(content: string): Opening[] {
  return openings(contentSchema.parse(parse(content)).network_policies);
}

Then(
  "the owner's own policy stands unchanged in registry, live policy and backup manifest",
  assertion('rebuild.openclaw.custom-policy-preserved', async (a, world) => {
    const { name, openings: own } = world.get('customPolicy');
    const sandbox = world.get('sandbox');
    const held = (policies: readonly { name: string; content: string }[] | null | undefined) => {
      const found = policies?.find((policy) => policy.name === name);
      return found ? openingsOfContent(found.content) : 'not there';
    };
    a.equals('in the registry', held(a.see(world.own.durable.registryEntry(sandbox))?.customPolicies), own);
    const live = a.see(await world.own.gateway.networkPolicies(sandbox));
    a.isEmpty('openings that the live policy lacks', missingFrom(live, own as Opening[]), 'none');
    a.equals('in the backup manifest', held(newestManifest(a, world).customPolicies), own);
  }),
);

Then(
  'the sandbox reaches what a preset opens and is refused everything else',
  assertion('rebuild.openclaw.policy-enforced', async (a, world) => {
    const { tree } = world.own;
    const allowed = world
      .get('presets')
      .flatMap((name) => Object.values(loadPreset(tree, name)))
      .find(
        ({ binaries }) =>
          binaries.length === 0 || binaries.some(({ path }) => path === '/usr/bin/curl' || path.endsWith('/curl')),
      );
    const host = allowed?.endpoints[0];
    if (!host) throw new Error('no preset of the manifest opens anything to curl, with which the request is made');
    const through = await connectStatus(a, world, `https://${host.host}:${host.port}/`);
    a.equals(`what the proxy answers to CONNECT ${host.host}:${host.port}`, through, '200');
    const upstream = world.getIfSet('upstream');
    if (upstream) {
      const visits = a.see(upstream.visits(host.host));
      a.that(`connections that reached the staged upstream of ${host.host}`, visits, 'one or more', visits > 0);
    }
    a.equals(
      'what it answers to a host that nothing opens',
      await connectStatus(a, world, 'https://nobody-opened.phase9.test:443/'),
      '403',
    );
    const port = host.port === 8444 ? 8445 : 8444;
    a.equals(
      'what it answers to an open host on a port that nothing opens',
      await connectStatus(a, world, `https://${host.host}:${port}/`),
      '403',
    );
  }),
);

/** The status with which the sandbox's proxy answers the CONNECT for `url`. */
async function connectStatus(a: AssertionContext, world: Phase9World, url: string): Promise<string> {
  const call = await world
    .sandbox()
    .exec(['curl', '-sS', '-o', '/dev/null', '--max-time', '10', '-w', '%{http_connect}', url]);
  return textOf(a.see(call).stdout).trim();
}
