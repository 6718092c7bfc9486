import { defineParameterType } from '@cucumber/cucumber';
import { breakNamed, breakWords } from '../staging/rebuild-recovery-breaks';
import { obstacleNamed, obstacleWords } from '../staging/rebuild-refusal-obstacles';
import { settingNamed, settingNames } from '../staging/runtime-overrides-cases';
import { type Registered, registeredVersions } from '../staging/sandbox-truth';
import { killNamed, killWords } from '../staging/upgrade-gateway-survivor-kills';

// The value of {setting} is its part in the IDs of the ledger: `context-window` for "context window".
defineParameterType({ name: 'setting', regexp: settingNames, transformer: settingNamed });

// The value of {obstacle} is the variant of the ledger: `full-disk` for "a full disk".
defineParameterType({ name: 'obstacle', regexp: obstacleWords, transformer: obstacleNamed });

// The same of {break}: `broken-restore` for "a restore that breaks off".
defineParameterType({ name: 'break', regexp: breakWords, transformer: breakNamed });
defineParameterType({
  name: 'registered',
  regexp: Object.keys(registeredVersions),
  transformer: (text: string) => text as Registered,
});

// The same of {kill}: `gateway-gone` for "a kill right after the old gateway went".
defineParameterType({ name: 'kill', regexp: killWords, transformer: killNamed });
