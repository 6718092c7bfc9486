import { writeFileSync } from 'node:fs';
import { fileAsItIs } from '../../src/world/obligations/obligation';
import { Obligations } from '../../src/world/obligations/obligations';

/** A separate process that registers a file for restore and waits for what the test does to it: `<journals> <scenario> <file>`. */
async function main([journals, scenario, file]: readonly string[]): Promise<void> {
  if (journals === undefined || scenario === undefined || file === undefined)
    throw new Error('three arguments, please');
  const own = new Obligations(journals, 'run', scenario);
  await own.register(fileAsItIs(file), 'fixture', () => {
    writeFileSync(file, 'during');
    return 'during';
  });
  process.stdout.write('owed\n');
  process.stdin.resume();
}

void main(process.argv.slice(2));
