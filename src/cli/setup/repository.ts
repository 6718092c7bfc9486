import path from 'node:path';

/** The root of this repository: commands are called from anywhere. */
export const REPOSITORY = path.resolve(__dirname, '..', '..', '..');
