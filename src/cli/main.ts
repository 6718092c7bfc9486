import { Command } from 'commander';
import { registerDoctor } from './doctor';
import { registerSetup } from './setup/command';

const program = new Command('phase9')
  .description('Executable specification of Phase 9: rebuild, upgrade, installer, runtime edge.')
  .showHelpAfterError();
registerSetup(program);
registerDoctor(program);
void program.parseAsync();
