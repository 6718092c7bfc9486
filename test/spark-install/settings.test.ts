import { describe, it } from 'node:test';
import { expect } from 'chai';
import { doesMore } from '../../src/staging/spark-install-settings';

describe('a line of a startup file', () => {
  for (const line of [
    '',
    '# NemoClaw PATH setup',
    'export PATH="$HOME/.local/bin:$PATH"',
    'PATH=/home/owner/.local/bin:$PATH',
    'export PATH="$HOME/.npm-global/bin:$PATH"',
    'fish_add_path --path --append "/home/owner/.local/bin"',
    'setenv PATH "/home/owner/.local/bin:$PATH"',
    'export NVM_DIR="$HOME/.nvm"',
    '[ -s "$NVM_DIR/nvm.sh" ] && . "$NVM_DIR/nvm.sh"',
  ]) {
    it(`only lets a shell find commands: ${line}`, () => {
      expect(doesMore(line)).to.equal(false);
    });
  }

  for (const line of [
    'export NEMOCLAW_CGROUP_PARENT=/dgx',
    'export LD_LIBRARY_PATH="$HOME/.local/bin"',
    'export PATH="$HOME/.local/bin:$PATH"; sysctl -w kernel.x=1',
    'export PATH="$(cat list):$HOME/.local/bin"',
    'export PATH=/usr/local/cuda/bin:$PATH',
    '# DGX Spark',
    'ulimit -n 4096',
    'alias docker="sudo docker"',
  ]) {
    it(`does more: ${line}`, () => {
      expect(doesMore(line)).to.equal(true);
    });
  }
});
