import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { requireSingleLines } from '../../src/openshell/commands/sandbox';

describe('the arguments of a command in a sandbox', () => {
  it('are taken where each is one line', () => {
    fc.assert(
      fc.property(fc.array(fc.string().filter((one) => !/[\n\r]/.test(one))), (command) => {
        requireSingleLines(command);
      }),
    );
  });

  it('are refused where one has a line break, which is named by its place', () => {
    const broken = fc
      .tuple(fc.string(), fc.constantFrom('\n', '\r', '\r\n'), fc.string())
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]*$/)), broken, (before, argument) => {
        expect(() => requireSingleLines([...before, argument, 'more\n'])).to.throw(
          `command argument ${before.length} contains newline or carriage return characters`,
        );
      }),
    );
  });
});
