import { z } from 'zod';
import { BoundaryError, type Observation } from '../evidence/observation';
import { copiedFile, type FileCopy } from './container-file';
import type { HostCli } from './host-cli';

/** A model, as the agent itself lists it. */
const listedSchema = z.object({
  key: z.string(),
  available: z.boolean().nullable(),
  missing: z.boolean(),
  tags: z.array(z.string()),
  contextWindow: z.number().nullable(),
});

const reportSchema = z.object({
  listed: z.object({ exit: z.number(), stdout: z.string() }),
  turn: z.object({ exit: z.number(), stdout: z.string() }),
  requests: z.array(z.object({ path: z.string(), model: z.string().nullable(), maxTokens: z.number().nullable() })),
});

/** What an agent listed, did and asked its provider for. */
export interface AgentReport extends z.infer<typeof reportSchema> {
  readonly models: readonly z.infer<typeof listedSchema>[];
}

/** The models in the output of the agent's own list: one JSON object, with or without warnings before it. */
export function modelsIn(stdout: string): AgentReport['models'] {
  const at = stdout.search(/^\{/m);
  return at < 0 ? [] : z.object({ models: z.array(listedSchema) }).parse(JSON.parse(stdout.slice(at))).models;
}

/**
 * What the agent of an ended container did.
 * @throws BoundaryError when the container left no report
 */
export async function agentReport(cli: HostCli, copy: Omit<FileCopy, 'boundary'>): Promise<Observation<AgentReport>> {
  const file = await copiedFile(cli, { ...copy, boundary: 'agent-runtime' });
  return file.map((seen) => {
    if (!seen.there) throw new BoundaryError(`the agent in ${copy.container} reported nothing`, file.entry);
    const report = reportSchema.parse(JSON.parse(seen.bytes.toString('utf8')));
    return { ...report, models: modelsIn(report.listed.stdout) };
  });
}
