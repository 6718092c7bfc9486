import { defineParameterType } from '@cucumber/cucumber';
import { settingNamed, settingNames } from '../staging/runtime-overrides-cases';

// The value of {setting} is its part in the IDs of the ledger: `context-window` for "context window".
defineParameterType({ name: 'setting', regexp: settingNames, transformer: settingNamed });
