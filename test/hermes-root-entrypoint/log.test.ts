import { describe, it } from 'node:test';
import { expect } from 'chai';
import { configurationFailures } from '../../src/checks/hermes-root-entrypoint';

describe("the log of Hermes' gateway", () => {
  it('shows a configuration that was not loaded, in Hermes’ words or the system’s', () => {
    const lines = [
      'ERROR gateway.run: Could not load config.yaml: not writable',
      'ERROR gateway.run: Failed to read /sandbox/.hermes/config.yaml',
      "PermissionError: [Errno 13] Permission denied: '/sandbox/.hermes/.env'",
      "FileNotFoundError: [Errno 2] No such file or directory: '/sandbox/.hermes/config.yaml'",
    ];
    expect(configurationFailures(lines)).to.deep.equal(lines);
  });

  it('shows no such failure in other lines', () => {
    const lines = [
      'WARNING gateway.run: No user allowlists configured.',
      'INFO gateway.run: loaded /sandbox/.hermes/config.yaml',
      "OSError: [Errno 30] Read-only file system: '/sandbox/.hermes/kanban.db'",
    ];
    expect(configurationFailures(lines)).to.deep.equal([]);
  });
});
