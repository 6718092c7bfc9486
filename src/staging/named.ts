/** Looks the words of a feature's table up. @throws when they stand for nothing */
export function named<T>(catalogue: Readonly<Record<string, T>>, words: string): T {
  const found = catalogue[words];
  if (found !== undefined) return found;
  throw new Error(`"${words}" stands for nothing; there are: ${Object.keys(catalogue).join(', ')}`);
}
