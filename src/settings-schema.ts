import { existsSync, statSync } from 'node:fs';
import { z } from 'zod';

/** An image by repository, tag or digest; no option of a command can be one. */
export const IMAGE_REFERENCE =
  /^[a-zA-Z0-9][a-zA-Z0-9._/-]*(:[0-9]+\/[a-zA-Z0-9._/-]+)?(:[\w.-]{1,128})?(@sha256:[0-9a-f]{64})?$/;

export const directory = z
  .string()
  .min(1, 'must be a path')
  .refine((value) => !value.includes('\0'), 'is not a path')
  .refine((value) => !existsSync(value) || statSync(value).isDirectory(), 'names a file where a directory belongs');

const image = z.string().regex(IMAGE_REFERENCE, 'must be an image reference such as debian:bookworm-slim');
const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of a variable such as OPENCLAW_VERSION');
/** YAML reads 1 as a number; variables are texts. */
const text = z.union([z.string(), z.int().transform(String)], { error: 'must be a text (put it in quotes)' });
const seconds = z.int('must be a whole number of seconds').min(1, 'must be at least 1 s').max(86_400, 'is over a day');

/** The bounds of a profile that its user may set, in seconds. */
export const boundsSchema = z.strictObject({
  onboard: seconds.optional(),
  rebuild: seconds.optional(),
  install: seconds.optional(),
  command: seconds.optional(),
  inside: seconds.optional(),
  imageBuild: seconds.optional(),
  sandboxReady: seconds.optional(),
});

/** An old release of an agent: built from the tree by these arguments, or an image that exists. */
const oldAgentSchema = z
  .strictObject({
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a version such as 2026.4.24 or 0.18.0'),
    buildArguments: z.record(variable, text).optional(),
    image: image.optional(),
  })
  .refine(({ buildArguments, image }) => (buildArguments === undefined) !== (image === undefined), {
    error: 'must have either buildArguments or image, not both',
  });
export type OldAgentSetting = z.output<typeof oldAgentSchema>;

/** What only its user knows of a live installation. */
export const liveSchema = z.strictObject({
  root: z.string().min(1, 'must be a path').optional(),
  oldAgents: z.strictObject({ openclaw: oldAgentSchema.optional(), hermes: oldAgentSchema.optional() }).optional(),
  releases: directory.optional(),
  bounds: boundsSchema.optional(),
  endpoint: z.ipv4('must be an IPv4 address of this machine that containers reach').optional(),
  hosts: z
    .array(
      z.string().regex(/^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a host name such as packages.example.org'),
    )
    .optional(),
  environment: z.record(variable, text).optional(),
});

/** The settings that the environment has, too. */
export const generalSchema = {
  profile: z.enum(['reference', 'live'], { error: 'must be reference or live' }),
  installEngine: z.boolean('must be true or false'),
  baseImage: image,
  cacheDirectory: directory,
  stateDirectory: directory,
  reportsDirectory: directory,
  producer: z.string().regex(/^[\w .@/-]{1,80}$/, 'must be a role or a name of at most 80 characters'),
  bundle: z.string(),
  row: z.string().regex(/^AQ-\d{3}$/, 'must be a row such as AQ-050'),
  knownFailures: z.enum(['fail', 'pass'], { error: 'must be fail or pass' }),
};
export type GeneralName = keyof typeof generalSchema;

/** phase9.yaml. */
export const fileSchema = z.strictObject(generalSchema).partial().extend({ live: liveSchema.optional() });
export type FileSettings = z.output<typeof fileSchema>;
