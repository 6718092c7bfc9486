import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { changed, loadDefects } from '../../spec/defects';
import type { MutationArea } from '../../spec/mutants';
import { suiteFiles } from '../../spec/suite-files';
import { mapConcurrent } from '../../sut/map-concurrent';
import { UserError } from '../../user-error';
import { attempt } from '../trials/attempt';
import { featureFile, type Place } from './try';

/**
 * Sees the features of these areas green on the healthy SUT, and red for a planted defect of each area; what an earlier call has seen is not
 * looked at again. @returns paths of all features @throws UserError where it is otherwise: then no mutant can be judged
 */
export async function groundwork(
  place: Place,
  areas: readonly MutationArea[],
  results: string,
  jobs: number,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const features = suiteFiles().flatMap(({ name }) => (name.endsWith('.feature') ? [name] : []));
  const once = async (name: string, look: () => Promise<void>): Promise<void> => {
    const stamp = path.join(results, `${name}.seen`);
    if (existsSync(stamp)) return;
    await look();
    mkdirSync(results, { recursive: true });
    writeFileSync(stamp, `${new Date().toISOString()}\n`);
    say(`as it must be: ${name}`);
  };
  const names = [...new Set(areas.flatMap((area) => area.features))];
  await mapConcurrent(names, jobs, (name) =>
    once(`healthy-${name}`, async () => {
      const title = `the healthy SUT on ${name}`;
      const request = { title, name: `healthy-${name}`, run: [featureFile(name, features)], logs: place.logs };
      const { exit } = await place.copies.use((copy) =>
        attempt(copy, { ...request, change: () => undefined }, place.signal),
      );
      if (exit !== 0)
        throw new UserError(`${title} is not green (exit status ${exit}): see ${place.logs}/${request.name}.log`);
    }),
  );
  const defects = loadDefects();
  await mapConcurrent(areas, jobs, (area) =>
    once(`planted-${area.name}`, async () => {
      const defect = defects.find(({ name }) => name === area.planted);
      if (defect === undefined) throw new UserError(`audit/mutation-areas.yaml: there is no defect ${area.planted}`);
      for (const feature of area.features) {
        const name = `planted-${area.name}-${feature}`;
        const request = {
          title: `${defect.name} on ${feature}`,
          name,
          run: [featureFile(feature, features)],
          logs: place.logs,
        };
        const { verdicts } = await place.copies.use((copy) =>
          attempt(
            copy,
            {
              ...request,
              change: (one) => {
                for (const change of defect.change) one.edit(change.file, (text) => changed(text, change, defect.name));
              },
            },
            place.signal,
          ),
        );
        if (Object.values(verdicts).includes('failed')) return;
      }
      throw new UserError(`no feature of the area ${area.name} sees its planted defect ${defect.name}`);
    }),
  );
  return features;
}
