import pc from 'picocolors';

/** Colours, on a terminal only: not in a file, not in the log of a CI job, not where NO_COLOR is set. */
export const colour = pc.createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);
