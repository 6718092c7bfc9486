import { REPOSITORY } from '../../repository';
import { SUITE, suiteFiles } from '../../spec/suite-files';
import { referenceInputs } from '../setup/reference';

/** What a proof holds for: the suite, and the sources of the healthy reference SUT. */
export interface PresentState {
  readonly suite: string;
  readonly sut: string;
  /** Short name of both, for a directory. */
  readonly name: string;
}

/** The state of this checkout as it is now. */
export function presentState(): PresentState {
  const suite = suiteFiles().find(({ name }) => name === SUITE)?.sha256 ?? '';
  const sut = referenceInputs(REPOSITORY);
  return { suite, sut, name: `${suite.slice(0, 12)}-${sut.slice(0, 12)}` };
}
