/**
 * What a check expects, made sure that it expects something: an empty expectation is an error, never a pass.
 * @throws when there is nothing in it.
 */
export function expectation<T extends string | Buffer | readonly unknown[]>(what: string, value: T): T {
  if (value.length === 0) throw new Error(`nothing is expected of ${what}: the check would prove nothing`);
  return value;
}
