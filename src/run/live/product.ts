import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { programVersion } from '../../sut/releases/program-version';
import { seconds } from '../../sut/until';
import type { Installation, Look } from './look';

/** The product: its release, commit and place, and whether its command runs. */
export async function lookAtProduct({ profile, tree, ask }: Installation): Promise<Look[]> {
  const { release } = profile;
  const [commit, changes, answer] = await Promise.all([
    ask(['git', '-C', tree, 'rev-parse', 'HEAD']),
    ask(['git', '-C', tree, 'status', '--porcelain'], seconds(20)),
    ask([...profile.nemoclaw, '--version'], seconds(20)),
  ]);
  const isCheckout = existsSync(path.join(tree, '.git'));
  const state = !changes.ok ? 'unknown whether changed' : changes.stdout.trim() === '' ? 'clean' : 'dirty';
  const at = isCheckout && commit.ok ? `commit ${commit.stdout.trim()} (${state})` : 'no checkout, so no commit';
  const looks: Look[] = [
    { name: 'product', state: 'ok', found: `${productName(tree)} at ${tree}, ${at}` },
    { name: 'release', state: release.nearest ? 'warn' : 'ok', found: release.found },
  ];
  const name = 'nemoclaw';
  const command = profile.nemoclaw.join(' ');
  if (answer.ok) {
    const { agrees, sentence } = programVersion(release, answer.stdout);
    looks.push({ name, state: agrees === false ? 'fail' : 'ok', found: `${sentence} (${command})` });
  } else {
    const advice = 'Build it as its own documents say (npm install, npm run build), or install it';
    looks.push({ name, state: 'fail', found: `${command} --version: ${answer.how}`, advice });
  }
  return looks;
}

function productName(tree: string): string {
  const file = path.join(tree, 'package.json');
  const version = existsSync(file) ? /"version":\s*"([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return `NemoClaw ${version === undefined ? 'without a package.json' : `(package ${version})`}`;
}
