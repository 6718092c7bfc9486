import { InvalidArgumentError } from 'commander';

/** Reads the value of `--rows`. @throws InvalidArgumentError when a part of it is no row. */
export function listOfRows(value: string): string[] {
  const rows = value.split(',').map((one) => one.trim());
  if (!rows.every((one) => /^AQ-\d{3}$/.test(one))) throw new InvalidArgumentError('give rows such as AQ-050,AQ-051');
  return rows;
}
