/** Exit codes of everything that this project runs. */
export const EXIT = { passed: 0, failed: 1, badInput: 2, restoreIncomplete: 3, interrupted: 130 } as const;
