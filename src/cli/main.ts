import { Command } from 'commander';
import { EXIT } from '../run/exit';
import { outliveReader } from '../signals';
import { registerAudit } from './audit/command';
import { registerCi } from './ci/command';
import { registerCompare } from './compare';
import { registerDefects } from './defects/command';
import { registerDoctor } from './doctor';
import { registerMutants } from './mutants/command';
import { registerReport } from './report';
import { registerRestore } from './restore';
import { registerRun } from './run';
import { registerSecrets } from './secrets';
import { registerSettings } from './settings';
import { registerSetup } from './setup/command';
import { registerSign } from './sign';
import { registerSoak } from './soak/command';
import { registerTrace } from './trace';
import { registerVerify } from './verify';

const program = new Command('phase9')
  .description('Executable specification of Phase 9: rebuild, upgrade, installer, runtime edge.')
  .showHelpAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.passed : EXIT.badInput));
for (const register of [
  registerSetup,
  registerDoctor,
  registerSettings,
  registerRun,
  registerRestore,
  registerTrace,
  registerReport,
  registerSign,
  registerVerify,
  registerAudit,
  registerCompare,
  registerDefects,
  registerMutants,
  registerSoak,
  registerSecrets,
  registerCi,
]) {
  register(program);
}
outliveReader();
void program.parseAsync();
