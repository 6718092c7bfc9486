import type { Sensitivity } from '../../audit/release';
import { loadSurvivors } from '../../spec/mutants';
import { loadProofs } from '../../spec/proofs';
import { loadSoaks } from '../../spec/soaks';
import { presentState } from '../defects/state';

/** What this checkout knows of how well its suite sees. @throws UserError for a malformed file */
export function presentSensitivity(): Sensitivity {
  const { suite, sut } = presentState();
  return { proofs: loadProofs(), survivors: loadSurvivors(), soaks: loadSoaks(), suite, sut };
}
